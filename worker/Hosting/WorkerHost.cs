using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rotation.Activities.Hosting;
using Rotation.Workflows;
using Temporalio.Client;
using Temporalio.Extensions.Hosting;

namespace Rotation.Worker.Hosting;

/// <summary>How a worker runs.</summary>
internal sealed record WorkerHostOptions
{
    /// <summary>Log everything.</summary>
    public bool Debug { get; init; }

    /// <summary>Least level that is logged otherwise.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How long running activities have to finish or hand over when the worker stops.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>The worker as a generic host: options validated at start, activities by dependency injection, systemd told when it is ready.</summary>
internal static class WorkerHost
{
    /// <summary>Version of this executable, with the commit when it was built from one.</summary>
    public static string Version { get; } = typeof(WorkerHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Builds it; starting it validates the options, all errors at once.</summary>
    public static IHost Create(ITemporalClient client, IConfiguration configuration, WorkerHostOptions options)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "rotation" });
        builder.Configuration.AddConfiguration(configuration);
        Logging.Configure(builder.Logging, options.Debug, options.LogLevel);
        builder.Services.AddSystemd();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Grace + TimeSpan.FromSeconds(5));
        // The command hears signals itself, and standard output is its own.
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddRotationActivities(builder.Configuration);
        builder.Services.AddSingleton(client);
        AddWorker(builder.Services, options);
        return builder.Build();
    }

    private static void AddWorker(IServiceCollection services, WorkerHostOptions options)
    {
        ITemporalWorkerServiceOptionsBuilder worker = services.AddHostedTemporalWorker(TaskQueues.Rotation);
        worker.ConfigureOptions(o => o.GracefulShutdownTimeout = options.Grace);
        foreach (Type workflow in RotationWorkflows.Types)
            worker.AddWorkflow(workflow);
        foreach (Type activities in ActivityRegistration.ActivityTypes)
            worker.AddSingletonActivities(activities);
    }
}
