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
    /// <summary>JSON file with the section <c>Rotation</c>; null: <c>appsettings.json</c> where the process runs, when there is one.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Settings that win over every other source.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

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
    /// <summary>Builds it; starting it validates the options, all errors at once.</summary>
    public static IHost Create(ITemporalClient client, WorkerHostOptions options)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = Directory.GetCurrentDirectory() });
        if (options.ConfigFile is { } file)
            builder.Configuration.AddJsonFile(file, optional: false, reloadOnChange: false).AddEnvironmentVariables();
        builder.Configuration.AddInMemoryCollection(options.Settings);
        Logging.Configure(builder.Logging, options.Debug, options.LogLevel);
        builder.Services.AddSystemd();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Grace + TimeSpan.FromSeconds(5));
        // Standard output is the command's: the host's own "Press Ctrl+C" is not wanted, and the command hears Ctrl-C itself.
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddRotationActivities(builder.Configuration);
        builder.Services.AddSingleton(client);
        AddWorker(builder.Services, options);
        return builder.Build();
    }

    /// <summary>Version of this executable, with the commit when it was built from one.</summary>
    public static string Version { get; } = typeof(WorkerHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static void AddWorker(IServiceCollection services, WorkerHostOptions options)
    {
        ITemporalWorkerServiceOptionsBuilder worker = services.AddHostedTemporalWorker(TaskQueues.Rotation);
        worker.ConfigureOptions(o => o.GracefulShutdownTimeout = options.Grace);
        foreach (Type activities in ActivityRegistration.ActivityTypes)
            worker.AddSingletonActivities(activities);
    }
}
