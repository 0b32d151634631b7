using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Text.Json;

using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
using var response = await http.PostAsync(
    "{{token_url}}",
    new FormUrlEncodedContent(new Dictionary<string, string>
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = "{{client_id}}",
        ["client_secret"] = "{{client_secret}}",
        ["audience"] = "{{audience}}",
    }));
var body = await response.Content.ReadAsStringAsync();
if (!response.IsSuccessStatusCode)
{
    Console.Error.WriteLine($"{(int)response.StatusCode} {body}");
    return 1;
}

using var answer = JsonDocument.Parse(body);
Console.WriteLine(answer.RootElement.GetProperty("access_token").GetString());
return 0;
