using System.Diagnostics;
using Rotation.Worker.Observability;
using Shouldly;
using Temporalio.Api.Common.V1;
using Xunit;

namespace Rotation.Tests.Unit.Worker.Observability;

/// <summary>How a trace travels in Temporal's headers.</summary>
public sealed class TraceHeaderTests
{
    [Fact]
    public void What_is_added_is_read()
    {
        var trace = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

        ActivityContext? read = TraceHeader.Read(TraceHeader.Add(null, trace).AsReadOnly());

        read!.Value.TraceId.ShouldBe(trace.TraceId);
        read.Value.SpanId.ShouldBe(trace.SpanId);
        read.Value.TraceFlags.ShouldBe(ActivityTraceFlags.Recorded);
    }

    [Fact]
    public void What_cannot_be_read_is_no_trace()
    {
        TraceHeader.Read(null).ShouldBeNull();
        TraceHeader.Read(new Dictionary<string, Payload>()).ShouldBeNull();
        TraceHeader.Read(new Dictionary<string, Payload> { ["traceparent"] = new Payload() }).ShouldBeNull();
    }

    [Fact]
    public void A_run_has_the_same_trace_wherever_it_is_replayed()
    {
        string run = Guid.NewGuid().ToString();

        TraceHeader.OfRun(run).ShouldBe(TraceHeader.OfRun(run));
        TraceHeader.OfRun(run).TraceId.ToHexString().ShouldBe(run.Replace("-", "", StringComparison.Ordinal));
        TraceHeader.OfRun("no guid").TraceId.ShouldNotBe(default);
    }
}
