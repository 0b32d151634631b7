package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"time"
)

func main() {
	request, err := json.Marshal(map[string]string{
		"grant_type":    "client_credentials",
		"client_id":     "{{client_id}}",
		"client_secret": "{{client_secret}}",
		"audience":      "{{audience}}",
	})
	if err != nil {
		log.Fatal(err)
	}

	client := &http.Client{Timeout: 30 * time.Second}
	response, err := client.Post("{{token_url}}", "application/json", bytes.NewReader(request))
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()

	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		log.Fatalf("%d %s", response.StatusCode, body)
	}

	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.AccessToken)
}
