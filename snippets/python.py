import json
import sys
import urllib.error
import urllib.request

request = urllib.request.Request(
    "{{token_url}}",
    headers={"Content-Type": "application/json"},
    data=json.dumps(
        {
            "grant_type": "client_credentials",
            "client_id": "{{client_id}}",
            "client_secret": "{{client_secret}}",
            "audience": "{{audience}}",
        }
    ).encode(),
)
try:
    with urllib.request.urlopen(request, timeout=30) as response:
        print(json.load(response)["access_token"])
except urllib.error.HTTPError as error:
    sys.exit(f"{error.code} {error.read().decode(errors='replace')}")
except OSError as error:
    sys.exit(f"no answer: {error}")
