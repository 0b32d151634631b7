<?php

declare(strict_types=1);

$curl = curl_init('{{token_url}}');
curl_setopt_array($curl, [
    CURLOPT_POST => true,
    CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
    CURLOPT_POSTFIELDS => json_encode([
        'grant_type' => 'client_credentials',
        'client_id' => '{{client_id}}',
        'client_secret' => '{{client_secret}}',
        'audience' => '{{audience}}',
    ], JSON_THROW_ON_ERROR),
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 30,
]);
$body = curl_exec($curl);
if ($body === false) {
    fwrite(STDERR, curl_error($curl) . "\n");
    exit(1);
}
$status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
if ($status !== 200) {
    fwrite(STDERR, "$status $body\n");
    exit(1);
}
echo json_decode($body, true, flags: JSON_THROW_ON_ERROR)['access_token'], "\n";
