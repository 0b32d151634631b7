# In a here-document, not in an argument: arguments are seen by every user of the machine.
curl --fail-with-body --silent --show-error --max-time 30 \
  --url '{{api_url}}' \
  --header @- <<'HEADER'
Authorization: Bearer {{access_token}}
HEADER
