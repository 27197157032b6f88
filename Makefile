# The target names of the previous backend, as shortcuts for the npm scripts. `make help` lists them.
.DEFAULT_GOAL := help
ADDRESS ?= http://127.0.0.1:$(or $(PORT),8787)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: up
up: ## Start the service in the background
	@npm run --silent start -- --background

.PHONY: down
down: ## Stop the service; the data stays
	@npm run --silent stop

.PHONY: stop
stop: down ## Same as down

.PHONY: restart
restart: down up ## Stop the service and start it again

.PHONY: build
build: ## Build the bundle of a deploy and print its size and start-up time
	@npm run --silent size

.PHONY: logs
logs: ## Follow the logs of the Worker and of PostgreSQL
	@tail -n 100 -F .data/worker.log .data/postgres.log

.PHONY: ps
ps: ## Show the processes of the service
	@npm run --silent ps

.PHONY: db
db: ## Open the database with psql
	@npm run --silent db

.PHONY: reset-db
reset-db: ## Delete the whole history after a confirmation
	@npm run --silent db:reset

.PHONY: optimize-db
optimize-db: ## Remove dead rows and update the planner's statistics
	@npm run --silent db:optimize

.PHONY: clean
clean: down ## Delete build output and node_modules; .data and .dev.vars stay
	rm -rf dist node_modules .wrangler

.PHONY: test
test: ## Run the tests
	@npm test

.PHONY: health-check
health-check: ## Show the health of each part of the running service
	@curl --silent --show-error --fail-with-body $(ADDRESS)/health/detailed && echo
