using System.Diagnostics;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Rotation.Worker.Observability;

/// <summary>The trace that a call belongs to, as W3C's <c>traceparent</c> in a Temporal header of that name.</summary>
internal static class TraceHeader
{
    private const string Name = "traceparent";

    /// <summary>Name of the source of our spans.</summary>
    public const string Source = "Rotation";

    /// <summary>The spans.</summary>
    public static ActivitySource Spans { get; } = new(Source);

    /// <summary>The headers with the trace in them.</summary>
    public static IDictionary<string, Payload> Add(IDictionary<string, Payload>? headers, ActivityContext trace)
    {
        headers ??= new Dictionary<string, Payload>(StringComparer.Ordinal);
        string text = $"00-{trace.TraceId}-{trace.SpanId}-{(trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";
        headers[Name] = DataConverter.Default.PayloadConverter.ToPayload(text);
        return headers;
    }

    /// <summary>The trace in the headers; null when there is none that can be read.</summary>
    public static ActivityContext? Read(IReadOnlyDictionary<string, Payload>? headers)
    {
        if (headers is null || !headers.TryGetValue(Name, out Payload? payload) || !payload.Metadata.TryGetValue("encoding", out var encoding) || encoding.ToStringUtf8() != "json/plain")
            return null;
        string text = payload.Data.ToStringUtf8().Trim('"');
        return ActivityContext.TryParse(text, null, isRemote: true, out ActivityContext trace) ? trace : null;
    }

    /// <summary>The trace of a run that nobody traced: its id is the run's id, so that every worker finds the same one, on a replay too.</summary>
    public static ActivityContext OfRun(string runId)
    {
        byte[] id = Guid.TryParse(runId, out Guid guid) ? guid.ToByteArray(bigEndian: true) : System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(runId))[..16];
        return new ActivityContext(ActivityTraceId.CreateFromBytes(id), ActivitySpanId.CreateFromBytes(id.AsSpan(8, 8)), ActivityTraceFlags.Recorded, isRemote: true);
    }
}
