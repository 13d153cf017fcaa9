using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rotation.Activities.Hosting;
using Rotation.Worker.Observability;
using Rotation.Workflows;
using Temporalio.Client;
using Temporalio.Extensions.Hosting;

namespace Rotation.Worker.Hosting;

/// <summary>How a worker is shown and stopped by the command that runs it.</summary>
internal sealed record WorkerHostOptions
{
    /// <summary>Log everything.</summary>
    public bool Debug { get; init; }

    /// <summary>Least level that is logged otherwise.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How long running activities have to finish or hand over; null: as configured.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>Whether open rotations are looked at for the gauges.</summary>
    public bool Looks { get; init; }
}

/// <summary>The worker as a generic host: options validated at start, activities by dependency injection.</summary>
internal static class WorkerHost
{
    /// <summary>Version of this executable, with the commit when it was built from one.</summary>
    public static string Version { get; } = typeof(WorkerHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Builds it; starting it validates the options, all errors at once.</summary>
    public static IHost Create(ITemporalClient client, IConfiguration configuration, WorkerHostOptions options)
    {
        WorkerOptions worker = WorkerRules.Read(configuration);
        TimeSpan grace = options.Grace ?? worker.Grace;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "rotation" });
        builder.Configuration.AddConfiguration(configuration);
        Logging.Configure(builder.Logging, options.Debug, options.LogLevel, worker.LogFormat == "json");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = grace + TimeSpan.FromSeconds(5));
        // The command hears signals itself, and standard output is its own.
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddRotationActivities(builder.Configuration);
        builder.Services.AddSingleton(client);
        builder.Services.AddSingleton<WorkerTelemetry>();
        if (options.Looks)
            builder.Services.AddHostedService(p => new OpenRotations(client, worker.Look, TimeProvider.System, p.GetRequiredService<ILogger<OpenRotations>>()));
        AddWorker(builder.Services, worker, grace);
        IHost host = builder.Build();
        CoreLog.To(host.Services.GetRequiredService<ILoggerFactory>());
        return host;
    }

    private static void AddWorker(IServiceCollection services, WorkerOptions options, TimeSpan grace)
    {
        ITemporalWorkerServiceOptionsBuilder worker = Deployments.Of(options) is { } deployment
            ? services.AddHostedTemporalWorker(TaskQueues.Rotation, deployment)
            : services.AddHostedTemporalWorker(TaskQueues.Rotation);
        worker.ConfigureOptions().Configure<WorkerTelemetry>((o, telemetry) =>
        {
            o.GracefulShutdownTimeout = grace;
            o.MaxConcurrentActivities = options.Activities;
            o.MaxConcurrentWorkflowTasks = options.WorkflowTasks;
            o.MaxCachedWorkflows = options.CachedWorkflows;
            o.MaxConcurrentActivityTaskPolls = options.ActivityPollers;
            o.MaxConcurrentWorkflowTaskPolls = options.WorkflowPollers;
            o.Interceptors = [.. o.Interceptors ?? [], telemetry];
        });
        foreach (Type workflow in RotationWorkflows.Types)
            worker.AddWorkflow(workflow);
        foreach (Type activities in ActivityRegistration.ActivityTypes)
            worker.AddSingletonActivities(activities);
    }
}
