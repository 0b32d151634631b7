#import <Foundation/Foundation.h>

int main(void) {
    @autoreleasepool {
        NSDictionary *parameters = @{
            @"grant_type": @"client_credentials",
            @"client_id": @"{{client_id}}",
            @"client_secret": @"{{client_secret}}",
            @"audience": @"{{audience}}",
        };
        NSMutableURLRequest *request =
            [NSMutableURLRequest requestWithURL:[NSURL URLWithString:@"{{token_url}}"]
                                    cachePolicy:NSURLRequestReloadIgnoringLocalCacheData
                                timeoutInterval:30];
        request.HTTPMethod = @"POST";
        [request setValue:@"application/json" forHTTPHeaderField:@"Content-Type"];
        request.HTTPBody = [NSJSONSerialization dataWithJSONObject:parameters options:0 error:NULL]; // texts: cannot fail

        __block int exitCode = 1;
        dispatch_semaphore_t answered = dispatch_semaphore_create(0);
        NSURLSessionDataTask *task = [NSURLSession.sharedSession
            dataTaskWithRequest:request
              completionHandler:^(NSData *data, NSURLResponse *response, NSError *error) {
                  NSInteger status = ((NSHTTPURLResponse *)response).statusCode;
                  if (error != nil) {
                      fprintf(stderr, "%s\n", error.localizedDescription.UTF8String);
                  } else if (status == 200) {
                      NSDictionary *answer = [NSJSONSerialization JSONObjectWithData:data options:0 error:NULL];
                      printf("%s\n", [answer[@"access_token"] UTF8String]);
                      exitCode = 0;
                  } else {
                      fprintf(stderr, "%ld %.*s\n", (long)status, (int)data.length, (const char *)data.bytes);
                  }
                  dispatch_semaphore_signal(answered);
              }];
        [task resume];
        dispatch_semaphore_wait(answered, DISPATCH_TIME_FOREVER);
        return exitCode;
    }
}
