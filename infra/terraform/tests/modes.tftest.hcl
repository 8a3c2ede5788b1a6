# What is off is really off, and what is wrong is refused with a word that helps.

mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      email  = "mock@mock.iam.gserviceaccount.com"
      member = "serviceAccount:mock@mock.iam.gserviceaccount.com"
    }
  }
}

mock_provider "archive" {}
mock_provider "time" {}

variables {
  # Nothing here starts a function.
  sources = "shared/status.py"

  project_id  = "assistant-test-project"
  region      = "europe-west1"
  environment = "stage"
  settings    = { bitrix_dialect = "contract" }
  monitoring  = { runbook_url = "https://git.example.com/infra/RUNBOOK.md" }
}

run "webhook_key" {
  command = plan

  assert {
    condition     = google_cloud_scheduler_job.this["token_refresh"].paused && length(module.token.readers) == 0
    error_message = "With a webhook's key there is no token to renew and nobody to read it."
  }

  assert {
    condition     = !contains(local.secrets_in_use, "bitrix_client_secret") && !contains(local.secrets_in_use, "bitrix_application_token")
    error_message = "Secrets of modes that are off are not asked for."
  }

  assert {
    condition     = contains(local.secrets_in_use, "webhook_secret")
    error_message = "The contract's events are signed."
  }

  assert {
    condition     = output.egress_ip == null && !contains(keys(module.monitoring.alerts), "token-not-refreshed")
    error_message = "No fixed address and no alert of a token unless asked for."
  }
}

run "nobody_deploys_from_the_forge" {
  command = plan

  assert {
    condition     = length(google_iam_workload_identity_pool_provider.forge) + length(google_service_account.forge) + length(google_project_iam_member.deployer) == 0
    error_message = "Unless asked for, no job of a forge is anybody here."
  }
}

run "the_forge_deploys" {
  command = plan

  variables {
    forge = { repository_id = "123456", state_bucket = "assistant-test-project-terraform" }
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.forge["github"].attribute_condition == "assertion.repository_id == \"123456\""
    error_message = "Only jobs of that repository: GitHub signs tokens for everybody's."
  }

  assert {
    condition = (
      endswith(google_service_account_iam_member.forge["deployer"].member, "/workloadIdentityPools/assistant-forge/attribute.environment/stage")
      && endswith(google_service_account_iam_member.forge["planner"].member, "/workloadIdentityPools/assistant-forge/attribute.event/pull_request")
    )
    error_message = "Who applies has passed the rules of this environment; a pull request only plans."
  }

  assert {
    condition     = toset(keys(google_project_iam_member.planner)) == toset(["iam.securityReviewer", "viewer"])
    error_message = "A plan changes nothing and reads no secret."
  }
}

run "a_repository_s_name" {
  command = plan

  variables {
    forge = { repository_id = "owner/assistant", state_bucket = "assistant-test-project-terraform" }
  }

  expect_failures = [var.forge]
}

run "spans_are_sent_where_asked_for" {
  command = plan

  variables {
    settings = { bitrix_dialect = "contract", trace_export = true }
  }

  assert {
    condition     = toset(keys(google_project_iam_member.traces)) == toset(keys(module.function)) && contains(local.services, "telemetry.googleapis.com")
    error_message = "Every function may send the spans of its requests."
  }
}

run "readings_of_secrets_are_logged" {
  command = plan

  variables {
    audit_secrets = true
  }

  assert {
    condition = (
      keys(google_project_iam_audit_config.secrets) == ["secretmanager.googleapis.com"]
      && [for config in google_project_iam_audit_config.secrets["secretmanager.googleapis.com"].audit_log_config : config.log_type] == ["DATA_READ"]
    )
    error_message = "A reading of a payload is a DATA_READ of Secret Manager."
  }
}

run "one_image_leaves_none_to_go_back_to" {
  command = plan

  variables {
    images_kept = 1
  }

  expect_failures = [var.images_kept]
}

run "direct_egress_warns" {
  command = plan

  variables {
    static_egress = { enabled = true, through = "direct" }
  }

  expect_failures = [check.direct_egress_is_slow_to_start]
}

run "a_zone_is_no_region" {
  command = plan

  variables {
    region = "europe-west1-b"
  }

  expect_failures = [var.region]
}

run "an_unknown_function" {
  command = plan

  variables {
    functions = { telegram_updates = { memory_mb = 512 } }
  }

  expect_failures = [var.functions]
}

run "oauth_without_an_application" {
  command = plan

  variables {
    settings = { bitrix_dialect = "contract", bitrix_auth = "oauth" }
  }

  expect_failures = [var.settings]
}

run "native_without_a_catalogue" {
  command = plan

  variables {
    settings = { bitrix_dialect = "native" }
  }

  expect_failures = [var.settings]
}

run "an_unknown_status" {
  command = plan

  variables {
    settings = { bitrix_dialect = "contract", bitrix_status_map = { P = "PAID" } }
  }

  expect_failures = [var.settings]
}

run "a_runbook_without_https" {
  command = plan

  variables {
    monitoring = { runbook_url = "infra/RUNBOOK.md" }
  }

  expect_failures = [var.monitoring]
}

run "a_runbook_that_is_another_page" {
  command = plan

  variables {
    monitoring = { runbook_url = "https://git.example.com/README.md" }
  }

  expect_failures = [var.monitoring]
}

run "latest_is_no_version" {
  command = plan

  variables {
    secret_versions = { telegram_bot_token = "latest" }
  }

  expect_failures = [var.secret_versions]
}

run "a_version_of_no_secret" {
  command = plan

  variables {
    secret_versions = { telegram_token = "2" }
  }

  expect_failures = [var.secret_versions]
}

run "a_second_portal_has_a_database_of_its_own" {
  command = plan

  variables {
    name = "second"
  }

  expect_failures = [var.firestore]
}

run "the_secrets_come_first" {
  command = apply

  plan_options {
    target = [module.secret, module.token]
  }

  assert {
    condition     = output.secrets["telegram_bot_token"] == "assistant-telegram-bot-token" && length(output.secrets) == length(local.secrets_in_use)
    error_message = "What needs a first version is told by what was made: an output of nothing that is targeted stays empty."
  }
}
