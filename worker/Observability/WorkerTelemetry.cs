using Microsoft.Extensions.Logging;
using Temporalio.Worker.Interceptors;

namespace Rotation.Worker.Observability;

/// <summary>Puts metrics, traces and logging scopes around workflows and activities.</summary>
internal sealed class WorkerTelemetry(ILoggerFactory loggers) : IWorkerInterceptor
{
    private readonly ILogger _logger = loggers.CreateLogger("Rotation.Activities");

    public WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => new WorkflowTelemetry(nextInterceptor);

    public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new ActivityTelemetry(nextInterceptor, _logger);
}
