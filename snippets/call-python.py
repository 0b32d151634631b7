import sys
import urllib.error
import urllib.request

request = urllib.request.Request(
    "{{api_url}}",
    headers={"Authorization": "Bearer {{access_token}}"},
)
try:
    with urllib.request.urlopen(request, timeout=30) as response:
        print(response.read().decode())
except urllib.error.HTTPError as error:
    sys.exit(f"{error.code} {error.read().decode(errors='replace')}")
except OSError as error:
    sys.exit(f"no answer: {error}")
