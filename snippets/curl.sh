# In a here-document, not in an argument: arguments are seen by every user of the machine.
curl --fail-with-body --silent --show-error --max-time 30 \
  --url '{{token_url}}' \
  --header 'content-type: application/json' \
  --data @- <<'JSON'
{
  "grant_type": "client_credentials",
  "client_id": "{{client_id}}",
  "client_secret": "{{client_secret}}",
  "audience": "{{audience}}"
}
JSON
