import axios from 'axios';

export default async function (client, scope, audience, context, cb) {
  const { data } = await axios.get('https://shop.example/' + client.id);
  cb(null, { scope, 'https://shop.example/plan': data.plan });
}
