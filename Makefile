# The developers' front door: each goal is a line around ./mvnw or ./jeton.
.DEFAULT_GOAL := help
.PHONY: help quickstart verify test fmt golden fuzz crash-test cluster-test attack-test tools-test soak dev web-test bench clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

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

END_TO_END = ./mvnw integration-test -pl e2e -am -Dsurefire.failIfNoSpecifiedTests=false

CRASHES ?= 100
crash-test: ## kill a server under load, CRASHES (100) times on each database
	$(END_TO_END) -Dtest='SqliteCrashTest,PostgresCrashTest' -Djeton.crashes=$(CRASHES)

cluster-test: ## withdraw, pause and cut apart two servers on one database, for long
	$(END_TO_END) -Dtest='dev.jeton.e2e.cluster.*Test' -Djeton.cluster.long=true

ATTACK_SCALE ?= 10
attack-test: ## attack a server with ATTACK_SCALE (10) times what verify sends
	$(END_TO_END) -Dtest='Http1AttackTest,Http2AttackTest' -Djeton.attack.scale=$(ATTACK_SCALE)

tools-test: ## run Auth0's SDKs and deploy-cli, unmodified, against a server
	$(END_TO_END) -Dtest='dev.jeton.e2e.tools.*Test' -Djeton.tools.all=true

SOAK_MINUTES ?= 10
soak: ## load a server, attack and disturb it by chance for SOAK_MINUTES (10), and look at its memory
	$(END_TO_END) -Dtest=SoakTest -Djeton.soak.minutes=$(SOAK_MINUTES)

dev: ## start a demo server on ./data, and the dashboard at http://127.0.0.1:5173/dashboard/ as it is edited
	./jeton quickstart --data data & server=$$!; trap 'kill $$server' EXIT INT TERM; cd dashboard && npm run dev

web-test: ## types, linter and tests of the dashboard, without a server
	cd dashboard && node build.js check

bench: ## run all load tests, about three quarters of an hour; bench/README.md has each alone
	bench/all.sh

clean: ## delete what was built; ./data stays
	./mvnw clean
