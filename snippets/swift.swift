import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

struct Answer: Decodable {
    let access_token: String
}

var request = URLRequest(url: URL(string: "{{token_url}}")!, timeoutInterval: 30)
request.httpMethod = "POST"
request.setValue("application/json", forHTTPHeaderField: "Content-Type")
request.httpBody = try JSONEncoder().encode([
    "grant_type": "client_credentials",
    "client_id": "{{client_id}}",
    "client_secret": "{{client_secret}}",
    "audience": "{{audience}}",
])

let (data, response) = try await URLSession.shared.data(for: request)
let status = (response as! HTTPURLResponse).statusCode
guard status == 200 else {
    FileHandle.standardError.write(Data("\(status) \(String(decoding: data, as: UTF8.self))\n".utf8))
    exit(1)
}
print(try JSONDecoder().decode(Answer.self, from: data).access_token)
