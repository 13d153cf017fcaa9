using System.Text.Json.Nodes;

namespace Rotation.Lab.Kops.Output;

/// <summary>The order in which kops prints the fields of clusters and instance groups: that of its types of the version <c>v1alpha2</c>.</summary>
internal static class FieldOrder
{
    // By the name of the field that holds them; a list's items count as the list.
    private static readonly Dictionary<string, string[]> Fields = new(StringComparer.Ordinal)
    {
        [""] = Names("kind apiVersion metadata spec"),
        ["metadata"] = Names("name generateName namespace selfLink uid resourceVersion generation creationTimestamp deletionTimestamp labels annotations"),
        ["Cluster"] = Names("""
            channel addons configBase cloudProvider gossipConfig containerRuntime kubernetesVersion subnets project masterPublicName masterInternalName networkCIDR additionalNetworkCIDRs networkID
            topology secretStore keyStore configStore dnsZone dnsControllerGossipConfig additionalSans clusterDNSDomain serviceClusterIPRange podCIDR nonMasqueradeCIDR sshAccess nodePortAccess
            egressProxy sshKeyName kubernetesApiAccess isolateMasters updatePolicy externalPolicies additionalPolicies fileAssets etcdClusters containerd docker kubeDNS kubeAPIServer
            kubeControllerManager cloudControllerManager kubeScheduler kubeProxy kubelet masterKubelet cloudConfig externalDns ntp nodeTerminationHandler nodeProblemDetector metricsServer
            certManager awsLoadBalancerController networking api authentication authorization nodeAuthorization cloudLabels hooks assets iam encryptionConfig DisableSubnetTags target
            useHostCertificates sysctlParameters rollingUpdate clusterAutoscaler warmPool serviceAccountIssuerDiscovery snapshotController karpenter podIdentityWebhook
            """),
        ["InstanceGroup"] = Names("""
            manager role image minSize maxSize autoscale autoscalePriority machineType rootVolumeSize rootVolumeType rootVolumeIops rootVolumeThroughput rootVolumeOptimization
            rootVolumeDeleteOnTermination rootVolumeEncryption rootVolumeEncryptionKey volumes volumeMounts subnets zones hooks maxPrice spotDurationInMinutes cpuCredits associatePublicIp
            additionalSecurityGroups cloudLabels nodeLabels fileAssets tenancy kubelet taints mixedInstancesPolicy capacityRebalance additionalUserData suspendProcesses externalLoadBalancers
            detailedInstanceMonitoring iam securityGroupOverride instanceProtection sysctlParameters rollingUpdate instanceInterruptionBehavior compressUserData instanceMetadata updatePolicy
            warmPool containerd packages guestAccelerators maxInstanceLifetime gcpProvisioningModel
            """),
        ["subnets"] = Names("name zone region cidr ipv6CIDR id egress type publicIP additionalRoutes"),
        ["topology"] = Names("masters nodes bastion dns"),
        ["etcdClusters"] = Names("name provider etcdMembers enableEtcdTLS enableTLSAuth version leaderElectionTimeout heartbeatInterval image backups manager memoryRequest cpuRequest"),
        ["etcdMembers"] = Names("name instanceGroup volumeType volumeIops volumeThroughput volumeSize kmsKeyId encryptedVolume"),
        ["api"] = Names("dns loadBalancer"),
        ["loadBalancer"] = Names("class type idleTimeoutSeconds securityGroupOverride additionalSecurityGroups useForInternalApi sslCertificate sslPolicy crossZoneLoadBalancing subnets accessLog"),
        ["authorization"] = Names("alwaysAllow rbac"),
        ["iam"] = Names("legacy allowContainerRegistry permissionsBoundary useServiceAccountExternalPermissions serviceAccountExternalPermissions"),
    };

    // Go prints maps sorted.
    private static readonly string[] Maps = ["labels", "annotations", "cloudLabels", "nodeLabels", "sysctlParameters"];

    /// <summary>The object with its fields in order.</summary>
    public static JsonObject Sorted(JsonObject root) => Sorted(root, "", $"{root["kind"]}");

    private static JsonObject Sorted(JsonObject map, string holder, string kind)
    {
        string[] order = Fields.GetValueOrDefault(holder == "spec" ? kind : holder) ?? [];
        IEnumerable<KeyValuePair<string, JsonNode?>> fields = map.OrderBy(p => Array.IndexOf(order, p.Key) is >= 0 and var at ? at : order.Length);
        if (Maps.Contains(holder))
            fields = map.OrderBy(p => p.Key, StringComparer.Ordinal);
        return new(fields.Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value, p.Key, kind))));
    }

    private static JsonNode? Sorted(JsonNode? node, string holder, string kind) => node switch
    {
        JsonObject map => Sorted(map, holder, kind),
        JsonArray list => new JsonArray([.. list.Select(i => Sorted(i, holder, kind))]),
        _ => node?.DeepClone(),
    };

    private static string[] Names(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
