# The developers' front door: each goal is a line around ./mvnw or ./jeton.
.DEFAULT_GOAL := help
.PHONY: help quickstart verify test fmt golden fuzz dev bench clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

quickstart: ## start a demo server, ask it for a token and show it decoded
	./jeton quickstart

verify: ## build everything, run all tests, check the formatting; what CI runs
	./mvnw verify

test: ## compile and run the tests
	./mvnw test

fmt: ## format the Java code
	./mvnw spotless:apply

golden: ## rerun the golden tests and rewrite what they compare with; review the diff
	./mvnw test -Dgolden.update=true

FUZZ_SECONDS ?= 60
fuzz: ## try random input on what strangers send, FUZZ_SECONDS (60) for each *FuzzTest
	JAZZER_FUZZ=1 ./mvnw test -pl verifier,server -am -Dtest='*FuzzTest' -Dsurefire.failIfNoSpecifiedTests=false -DreuseForks=false \
	  -Djazzer.hooks=true -Dtest.compiler= -Djazzer.max_duration=$(FUZZ_SECONDS)s -Djunit.jupiter.execution.timeout.mode=disabled

dev: ## start the server on ./data
	./jeton serve --data data

bench: ## run the load tests
	bench/run.sh

clean: ## delete what was built; ./data stays
	./mvnw clean
