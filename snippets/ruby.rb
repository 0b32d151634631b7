require 'json'
require 'net/http'

response = Net::HTTP.post(
  URI('{{token_url}}'),
  JSON.generate(
    grant_type: 'client_credentials',
    client_id: '{{client_id}}',
    client_secret: '{{client_secret}}',
    audience: '{{audience}}'
  ),
  'Content-Type' => 'application/json'
)
abort "#{response.code} #{response.body}" unless response.is_a?(Net::HTTPOK)
puts JSON.parse(response.body).fetch('access_token')
