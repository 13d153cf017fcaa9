# The worker's two roles for one cluster. `read` is what plans, checks and status need; `mutate` adds what a rotation changes. The policies are the files in
# ../../iam, with the names filled in.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

locals {
  names = {
    STATE_STORE     = var.state_store_bucket
    DISCOVERY_STORE = coalesce(var.discovery_store_bucket, var.state_store_bucket)
    CLUSTER         = var.cluster
  }
  policies = {
    for name in ["read", "mutate"] : name => replace(replace(replace(
      file("${path.module}/../../iam/${name}.json"),
      "STATE_STORE", local.names.STATE_STORE),
      "DISCOVERY_STORE", local.names.DISCOVERY_STORE),
    "CLUSTER", local.names.CLUSTER)
  }
  prefix = "rotation-${substr(replace(var.cluster, ".", "-"), 0, 40)}"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = [var.oidc_provider_arn == null ? "sts:AssumeRole" : "sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = var.oidc_provider_arn == null ? "AWS" : "Federated"
      identifiers = [var.oidc_provider_arn == null ? var.worker_principal_arn : var.oidc_provider_arn]
    }
    dynamic "condition" {
      for_each = var.oidc_provider_arn == null ? [] : [var.service_account]
      content {
        test     = "StringEquals"
        variable = "${replace(var.oidc_provider_arn, "/^.*oidc-provider\\//", "")}:sub"
        values   = ["system:serviceaccount:${condition.value}"]
      }
    }
    dynamic "condition" {
      for_each = var.oidc_provider_arn == null ? [] : [1]
      content {
        test     = "StringEquals"
        variable = "${replace(var.oidc_provider_arn, "/^.*oidc-provider\\//", "")}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_policy" "rotation" {
  for_each    = local.policies
  name        = "${local.prefix}-${each.key}"
  description = "Rotation worker, ${var.cluster}: ${each.key}"
  policy      = each.value
}

resource "aws_iam_role" "read" {
  name                 = "${local.prefix}-read"
  description          = "Plans, checks and status of ${var.cluster}; changes nothing."
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 43200
}

resource "aws_iam_role" "mutate" {
  name                 = "${local.prefix}-mutate"
  description          = "Rotates the credentials of ${var.cluster}."
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 43200
}

resource "aws_iam_role_policy_attachment" "read" {
  for_each   = { read = aws_iam_role.read.name, mutate = aws_iam_role.mutate.name }
  role       = each.value
  policy_arn = aws_iam_policy.rotation["read"].arn
}

resource "aws_iam_role_policy_attachment" "mutate" {
  role       = aws_iam_role.mutate.name
  policy_arn = aws_iam_policy.rotation["mutate"].arn
}
