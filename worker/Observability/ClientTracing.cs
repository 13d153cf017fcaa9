using System.Diagnostics;
using Temporalio.Client;
using Temporalio.Client.Interceptors;

namespace Rotation.Worker.Observability;

/// <summary>Spans for what a client asks of a workflow, and their trace in the call's header. Does nothing while nobody collects spans.</summary>
internal sealed class ClientTracing : IClientInterceptor
{
    public ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => new Outbound(nextInterceptor);

    private sealed class Outbound(ClientOutboundInterceptor next) : ClientOutboundInterceptor(next)
    {
        public override async Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input)
        {
            using Activity? span = Begin($"start {input.Workflow}", input.Options.Id);
            return await base.StartWorkflowAsync<TWorkflow, TResult>(span is null ? input : input with { Headers = TraceHeader.Add(input.Headers, span.Context) }).ConfigureAwait(false);
        }

        public override async Task SignalWorkflowAsync(SignalWorkflowInput input)
        {
            using Activity? span = Begin($"signal {input.Signal}", input.Id);
            await base.SignalWorkflowAsync(span is null ? input : input with { Headers = TraceHeader.Add(input.Headers, span.Context) }).ConfigureAwait(false);
        }

        public override async Task<WorkflowUpdateHandle<TResult>> StartWorkflowUpdateAsync<TResult>(StartWorkflowUpdateInput input)
        {
            using Activity? span = Begin($"update {input.Update}", input.Id);
            return await base.StartWorkflowUpdateAsync<TResult>(span is null ? input : input with { Headers = TraceHeader.Add(input.Headers, span.Context) }).ConfigureAwait(false);
        }

        private static Activity? Begin(string name, string? workflowId)
        {
            Activity? span = TraceHeader.Spans.StartActivity(name, ActivityKind.Client);
            span?.SetTag("temporal.workflow_id", workflowId);
            return span;
        }
    }
}
