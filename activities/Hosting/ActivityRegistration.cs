using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Rotation.Activities.Approvals;
using Rotation.Activities.Clusters;
using Rotation.Activities.Fleet;
using Rotation.Activities.Keysets;
using Rotation.Activities.Kops;
using Rotation.Activities.Kubeconfigs;
using Rotation.Activities.Legacy;
using Rotation.Activities.Nodes;
using Rotation.Activities.Notifications;
using Rotation.Activities.Preflight;
using Rotation.Activities.Preflight.Sources;
using Rotation.Activities.Running;
using Rotation.Activities.Secrets;
using Rotation.Activities.Ssh;
using Rotation.Activities.Stores;
using Rotation.Activities.Trust;
using Rotation.Activities.Windows;

namespace Rotation.Activities.Hosting;

/// <summary>Puts the activities and what they need into a service collection.</summary>
public static class ActivityRegistration
{
    /// <summary>Every activity class, for the worker to register. Each is a singleton in the service collection.</summary>
    public static IReadOnlyList<Type> ActivityTypes { get; } =
        [
            // One a line: several people add to it.
            typeof(ApprovalActivities),
            typeof(ClusterActivities),
            typeof(FleetActivities),
            typeof(KeysetActivities),
            typeof(KopsRollActivities),
            typeof(KubeconfigActivities),
            typeof(LegacyActivities),
            typeof(LockActivities),
            typeof(NodeActivities),
            typeof(NotificationActivities),
            typeof(PreflightActivities),
            typeof(SecretActivities),
            typeof(StoredSecretActivities),
            typeof(TrustActivities),
            typeof(UsageActivities),
            typeof(WindowActivities),
        ];

    private static readonly Type[] Parts =
    [
        typeof(KopsProcess), typeof(KopsBinaries), typeof(S3Clients), typeof(StateStores), typeof(KeysetReader), typeof(ClusterLeases),
        typeof(ClusterSpecs), typeof(InstanceReader), typeof(ForcedRolls), typeof(LastUpdates), typeof(UpdatePreviews), typeof(ClusterReads), typeof(KubeconfigExporter), typeof(WorkerCredential), typeof(Sinks), typeof(KeptCopies),
        typeof(AwsClients), typeof(AwsRegions), typeof(KubernetesClients), typeof(KubernetesNodes), typeof(ClusterViews), typeof(NodeWatch), typeof(GroupWatch), typeof(FleetReader),
        typeof(Servers), typeof(NodeProbe), typeof(OldCredential), typeof(TrustReads), typeof(SecretReader), typeof(NewSecrets), typeof(SuppliedKeypairs),
        typeof(FactSources), typeof(LegacyBackups), typeof(CredentialDeletes), typeof(OldObjects), typeof(SshHosts),
    ];

    /// <summary>Binds <see cref="RotationOptions"/>, validates them at start, and adds every class of <see cref="ActivityTypes"/>.</summary>
    /// <param name="services">Where to put them.</param>
    /// <param name="configuration">The whole configuration; the section <c>Rotation</c> is read.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddRotationActivities(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RotationOptions>().Bind(configuration.GetSection(RotationOptions.Section)).PostConfigure(UseEnvironmentOfKops).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RotationOptions>, RotationOptionsValidator>();
        services.AddSingleton(p => p.GetRequiredService<IOptions<RotationOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddApprovals(configuration).AddNotifications(configuration);
        services.AddSingleton<IKops, KopsRunner>().AddSingleton<ICloud, AwsCloud>();
        foreach (Type type in Parts.Concat(ActivityTypes))
            services.AddSingleton(type);
        foreach (Type type in FactSources.Types)
            services.AddSingleton(typeof(IFactSource), type);
        return services;
    }

    // The variables that kops and the AWS SDKs read themselves: one setting for both.
    private static void UseEnvironmentOfKops(RotationOptions options)
    {
        options.StateStore ??= EnvironmentOrNull("KOPS_STATE_STORE");
        options.Aws.EndpointUrl ??= EnvironmentOrNull("AWS_ENDPOINT_URL");
    }

    private static string? EnvironmentOrNull(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
