using Rotation.Workflows.Contracts;
using Temporalio.Common;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// How long anything may take and how it is retried: the one place for it. None of them is bound to the workflow's own cancellation: a cancelled rotation ends what it
/// does and then holds or goes back, and never leaves a call half done.
/// </summary>
/// <param name="change">How long the worker lets kops change one keyset: an attempt after a lost worker must not begin earlier.</param>
/// <param name="update">How long the worker lets <c>kops update cluster</c> run.</param>
internal sealed class ActivityProfiles(TimeSpan change, TimeSpan update)
{
    /// <summary>Heartbeats come every second from a thread of their own: this much silence is a lost worker.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    /// <summary>Heartbeats come between calls to clouds and clusters, which may take 30 seconds each.</summary>
    private static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(45);

    /// <summary>With the longest pause of a minute between them.</summary>
    private const int RollAttempts = 15;

    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan DefaultChange = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan DefaultUpdate = TimeSpan.FromMinutes(16);

    /// <summary>Before the cluster has been read, and in rolls, which run neither kind of command.</summary>
    public static ActivityProfiles Default { get; } = new(DefaultChange, DefaultUpdate);

    /// <summary>As the worker said when it read the cluster.</summary>
    public static ActivityProfiles For(ClusterFacts facts) => new(
        facts.KopsChangeDeadline.Value > TimeSpan.Zero ? facts.KopsChangeDeadline.Value : DefaultChange,
        facts.KopsUpdateDeadline.Value > TimeSpan.Zero ? facts.KopsUpdateDeadline.Value : DefaultUpdate);

    /// <summary>Reads of state store and kops: two minutes a try.</summary>
    public static ActivityOptions Read(string summary) => Make(summary, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(30));

    /// <summary>Handshakes with every node: five minutes a try.</summary>
    public static ActivityOptions Probe(string summary) => Make(summary, TimeSpan.FromMinutes(5), Silence);

    /// <summary>Deliveries to sinks: five minutes a try.</summary>
    public static ActivityOptions Deliver(string summary) => Make(summary, TimeSpan.FromMinutes(5), Silence);

    /// <summary>A pass over every object of a kind, which heartbeats with counts: two hours a try.</summary>
    public static ActivityOptions Pass(string summary) => Make(summary, TimeSpan.FromHours(2), LongSilence);

    /// <summary>One small call to a cloud or a cluster: one minute a try.</summary>
    public static ActivityOptions Call(string summary) => Make(summary, TimeSpan.FromMinutes(1), heartbeat: null);

    /// <summary>One small call of a roll: as <see cref="Call"/>, but a throttled cloud and an API that restarts are waited for, for about ten minutes.</summary>
    public static ActivityOptions RollCall(string summary) => Patient(Call(summary), RollAttempts);

    /// <summary>Ending an instance, marking many nodes: five minutes a try, as patient as <see cref="RollCall"/>.</summary>
    public static ActivityOptions RollTerminate(string summary) => Patient(Make(summary, TimeSpan.FromMinutes(5), Silence), RollAttempts);

    /// <summary>Waiting for a node or group inside an activity that heartbeats and knows its own limit; as patient as <see cref="RollCall"/>.</summary>
    public static ActivityOptions RollWait(string summary, TimeSpan limit) => Patient(Make(summary, limit + Margin, LongSilence), RollAttempts);

    /// <summary>What must not be left undone: tried until it is done.</summary>
    public static ActivityOptions UntilDone(string summary) => Patient(Make(summary, TimeSpan.FromMinutes(5), Silence), attempts: 0);

    /// <summary>kops' own rolling update.</summary>
    public static ActivityOptions KopsRoll(string summary, TimeSpan limit) => Make(summary, limit + Margin, TimeSpan.FromMinutes(1));

    /// <summary>A change of one keyset or secret. Silence shorter than kops' deadline proves nothing: the lost worker's kops may still run.</summary>
    public ActivityOptions Change(string summary) => Make(summary, (3 * change) + Margin, change);

    /// <summary><c>kops update cluster</c>, perhaps twice.</summary>
    public ActivityOptions Update(string summary) => Make(summary, (2 * update) + Margin, update);

    private static ActivityOptions Patient(ActivityOptions options, int attempts)
    {
        options.RetryPolicy = options.RetryPolicy! with { MaximumAttempts = attempts };
        return options;
    }

    private static ActivityOptions Make(string summary, TimeSpan tryFor, TimeSpan? heartbeat) => new()
    {
        StartToCloseTimeout = tryFor,
        HeartbeatTimeout = heartbeat,
        Summary = summary,
        CancellationToken = CancellationToken.None,
        RetryPolicy = new RetryPolicy
        {
            InitialInterval = TimeSpan.FromMilliseconds(500),
            BackoffCoefficient = 3,
            MaximumInterval = TimeSpan.FromMinutes(1),
            MaximumAttempts = 5,
            NonRetryableErrorTypes = RotationErrors.NeverRetried,
        },
    };
}
