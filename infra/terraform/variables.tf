variable "project_id" {
  description = "Google Cloud project that everything is made in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be a project's id (6-30 of a-z, 0-9 and -), not its name or number."
  }
}

variable "region" {
  description = "Region of the functions, the queues and the schedules."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region such as europe-west1, not a zone."
  }
}

variable "environment" {
  description = "stage or prod; a label of everything."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["stage", "prod"], var.environment)
    error_message = "environment must be stage or prod."
  }
}

variable "name" {
  description = "What all names begin with. A second portal in the same project takes a second name."
  type        = string
  default     = "assistant"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,11}[a-z0-9]$", var.name))
    error_message = "name must be 3-13 of a-z, 0-9 and -, beginning with a letter: a service account's id has no room for more."
  }
}

variable "protected" {
  description = "Whether the database, the secrets, the queues and the egress address refuse to be destroyed."
  type        = bool
  default     = true
  nullable    = false
}

variable "labels" {
  description = "More labels of everything."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "runtime" {
  description = "Python of the functions."
  type        = string
  default     = "python311"
  nullable    = false

  validation {
    condition     = contains(["python311", "python312", "python313", "python314"], var.runtime)
    error_message = "runtime must be one of python311 to python314: that is what the code runs on."
  }
}

variable "sources" {
  description = "Files of the repository that go into every bundle. Each plan carries their text: a check that starts no function needs one."
  type        = string
  default     = "shared/**/*.{py,txt}"
  nullable    = false

  validation {
    condition     = startswith(var.sources, "shared/") && !strcontains(var.sources, "..")
    error_message = "sources must lie in shared/."
  }
}

variable "images_kept" {
  description = "How many images of each function are kept; what is older than a day and not among them is deleted."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.images_kept >= 2 && var.images_kept <= 100 && floor(var.images_kept) == var.images_kept
    error_message = "images_kept must be a whole number from 2 (the one that runs and the one before) to 100."
  }
}

variable "audit_secrets" {
  description = "Log every reading of a secret's payload (data-access log of Secret Manager)."
  type        = bool
  default     = false
  nullable    = false
}

variable "functions" {
  description = "Size of a function, by its name (as in functions/). What is left out keeps the default of functions.tf."
  type = map(object({
    memory_mb     = optional(number)
    cpu           = optional(number)
    concurrency   = optional(number)
    min_instances = optional(number)
    max_instances = optional(number)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([for name in keys(var.functions) : contains(
      ["telegram_update", "bitrix_webhook", "bitrix_call", "telegram_send", "housekeeping", "token_refresh"], name
    )])
    error_message = "functions knows telegram_update, bitrix_webhook, bitrix_call, telegram_send, housekeeping and token_refresh."
  }

  validation {
    condition     = alltrue([for one in var.functions : one.memory_mb == null ? true : one.memory_mb >= 256 && one.memory_mb <= 4096])
    error_message = "memory_mb must be 256 to 4096."
  }

  validation {
    condition     = alltrue([for one in var.functions : one.cpu == null ? true : contains([1, 2, 4], one.cpu)])
    error_message = "cpu must be 1, 2 or 4: with less than one, an instance serves a single request at a time."
  }

  validation {
    condition     = alltrue([for one in var.functions : one.concurrency == null ? true : one.concurrency >= 1 && one.concurrency <= 80])
    error_message = "concurrency must be 1 to 80 requests at once in an instance."
  }

  validation {
    condition = alltrue([for one in var.functions :
      one.min_instances == null ? true : one.min_instances >= 0 && one.min_instances <= coalesce(one.max_instances, one.min_instances)
    ])
    error_message = "min_instances must not be negative, nor more than max_instances."
  }
}

variable "queues" {
  description = "Pace of the two queues. The rate of bitrix is also the setting BITRIX_CALLS_PER_SECOND."
  type = object({
    bitrix   = optional(object({ per_second = optional(number, 2), concurrent = optional(number, 10) }), {})
    telegram = optional(object({ per_second = optional(number, 25), concurrent = optional(number, 50) }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.queues.bitrix.per_second > 0 && var.queues.bitrix.per_second <= 50
    error_message = "queues.bitrix.per_second must be above 0 and at most 50; a Bitrix24 portal bears 2 (5 on an Enterprise plan)."
  }

  validation {
    condition     = var.queues.telegram.per_second > 0 && var.queues.telegram.per_second <= 30
    error_message = "queues.telegram.per_second must be above 0 and at most 30: that is Telegram's limit for a bot."
  }

  validation {
    condition     = alltrue([for queue in var.queues : queue.concurrent >= 1 && queue.concurrent <= 100])
    error_message = "concurrent must be 1 to 100 tasks at once."
  }
}

variable "firestore" {
  description = "The database; left out: (default), the only one with a free daily quota. Its place cannot be changed later."
  type = object({
    database               = optional(string)
    location               = optional(string)
    point_in_time_recovery = optional(bool, true)
    backup_days            = optional(number, 14)
    delete_protection      = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.firestore.database == null ? true : var.firestore.database == "(default)" || can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.firestore.database))
    error_message = "firestore.database must be (default), or 4-63 of a-z, 0-9 and -."
  }

  validation {
    condition     = var.firestore.backup_days >= 1 && var.firestore.backup_days <= 98
    error_message = "firestore.backup_days must be 1 to 98: Firestore keeps a backup for 14 weeks at most."
  }

  validation {
    condition     = var.name == "assistant" || var.firestore.database != null
    error_message = "firestore.database must be said where name is not assistant: a project has one (default), and two portals in it would share their records."
  }
}

variable "budget" {
  description = "What a month of this project may cost before the channels of the alerts are told; left out: nobody is."
  type = object({
    billing_account = string
    monthly         = number
    currency        = optional(string, "USD")
  })
  default = null

  validation {
    condition     = var.budget == null ? true : can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.budget.billing_account))
    error_message = "budget.billing_account must be the id of a billing account, such as 0123AB-4567CD-89EF01 (gcloud billing accounts list)."
  }

  validation {
    condition     = var.budget == null ? true : var.budget.monthly >= 1 && floor(var.budget.monthly) == var.budget.monthly
    error_message = "budget.monthly must be a whole number of the account's own currency."
  }
}

variable "forge" {
  description = "The repository on GitHub whose jobs may plan and deploy, by its number (gh api repos/OWNER/NAME --jq .id), and the bucket of the state; left out: none may."
  type        = object({ repository_id = string, state_bucket = string })
  default     = null

  validation {
    condition     = var.forge == null ? true : can(regex("^[1-9][0-9]*$", var.forge.repository_id))
    error_message = "forge.repository_id must be the repository's number, not its name: a name may be given to somebody else."
  }
}

variable "static_egress" {
  description = <<-TEXT
    Call the portal from one fixed address, for portals that let only known ones in. `through`: `connector` (two small
    machines that always run), or `direct` (no machines, but a new instance may wait 30 s and more for its network).
  TEXT
  type = object({
    enabled = optional(bool, false)
    through = optional(string, "connector")
    cidr    = optional(string, "10.8.0.0/26")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["connector", "direct"], var.static_egress.through)
    error_message = "static_egress.through must be connector or direct."
  }

  validation {
    condition     = can(cidrhost(var.static_egress.cidr, 0)) && endswith(var.static_egress.cidr, "/26")
    error_message = "static_egress.cidr must be a free range of 64 addresses such as 10.8.0.0/26."
  }
}

variable "event_modes" {
  description = "How the portal's events come: json (signed, the spec's §4), form (as a real Bitrix24 posts them). Left out: by the dialect."
  type        = set(string)
  default     = null

  validation {
    condition     = var.event_modes == null ? true : alltrue([for mode in var.event_modes : contains(["json", "form"], mode)])
    error_message = "event_modes knows json and form."
  }
}

variable "secret_versions" {
  description = "Secret → the version the functions get; left out: 1, the first. So a rotation, and its undoing, is a deployment like any other."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for version in var.secret_versions : can(regex("^[1-9][0-9]*$", version))])
    error_message = "secret_versions takes numbers of versions, such as { telegram_bot_token = \"2\" }; instances that run would not notice what is latest."
  }

  validation {
    condition     = alltrue([for name in keys(var.secret_versions) : contains(local.static_secrets, name)])
    error_message = "secret_versions names a secret that there is not; terraform output secrets lists them."
  }
}

variable "monitoring" {
  description = "Whom alerts go to, and where they point: the address of infra/RUNBOOK.md as people read it."
  type = object({
    emails              = optional(set(string), [])
    channels            = optional(set(string), [])
    runbook_url         = string
    quiet_hours         = optional(number, 23)
    log_bytes_per_day   = optional(number, 1073741824)
    search_p95_ms       = optional(number, 250)
    overdue_seconds     = optional(number, 120)
    queue_depth         = optional(number, 240)
    pending_updates     = optional(number, 100)
    dead_letters_kept   = optional(number, 10)
    retries_per_5_min   = optional(number, 30)
    rejected_per_5_min  = optional(number, 50)
    token_quiet_minutes = optional(number, 40)
  })
  nullable = false

  validation {
    condition     = can(regex("^https://[^\\s#]+/RUNBOOK\\.md$", var.monitoring.runbook_url))
    error_message = "monitoring.runbook_url must be the https address of infra/RUNBOOK.md, without an anchor."
  }

  validation {
    condition     = alltrue([for email in var.monitoring.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "monitoring.emails must be e-mail addresses."
  }

  validation {
    condition     = var.monitoring.quiet_hours >= 1 && var.monitoring.quiet_hours <= 23
    error_message = "monitoring.quiet_hours must be 1 to 23: Cloud Monitoring looks back no further."
  }
}
