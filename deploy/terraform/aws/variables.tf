variable "cluster" {
  description = "kOps cluster name, such as prod.example.com."
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9.-]+$", var.cluster))
    error_message = "The cluster's name is a DNS name in lower case."
  }
}

variable "state_store_bucket" {
  description = "Bucket of the kOps state store, without s3://. A state store with a prefix needs the policies edited."
  type        = string
}

variable "discovery_store_bucket" {
  description = "Bucket of serviceAccountIssuerDiscovery, where the cluster has one. Default: the state store's."
  type        = string
  default     = null
}

variable "oidc_provider_arn" {
  description = "IAM OIDC provider of the cluster that the worker runs in, for roles by service account. Null: worker_principal_arn assumes the roles."
  type        = string
  default     = null
}

variable "service_account" {
  description = "NAMESPACE:NAME of the worker's service account, with oidc_provider_arn."
  type        = string
  default     = "rotation:rotation-worker"
}

variable "worker_principal_arn" {
  description = "ARN of the role or instance profile's role that the worker runs as, without oidc_provider_arn."
  type        = string
  default     = null
}
