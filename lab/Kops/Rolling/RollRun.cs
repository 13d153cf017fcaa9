using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>What the parts of one rolling update share: cloud, API, log, and the lab's time, in which every wait of kops is spent.</summary>
internal sealed class RollRun(RollOptions options, RollCloud cloud, RollApi? api, Klog log, TextWriter output, TextWriter errors, IReadOnlyList<JsonObject> groups, double speed, CancellationToken cancel)
{
    private const string Source = "instancegroups.go";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);

    public RollOptions Options => options;

    public RollCloud Cloud => cloud;

    /// <summary>The cluster's API; none with <c>--cloudonly</c>.</summary>
    public RollApi? Api => api;

    public Klog Log => log;

    public TextWriter Output => output;

    public TextWriter Errors => errors;

    public Task WaitAsync(TimeSpan labTime) => Task.Delay(labTime / speed, cancel);

    /// <summary>Lab time since an earlier <see cref="Now"/>.</summary>
    public TimeSpan Since(long earlier) => TimeProvider.System.GetElapsedTime(earlier) * speed;

    public static long Now => TimeProvider.System.GetTimestamp();

    /// <summary>Waits until the cluster validates as often in a row as asked. Fails with <see cref="RollTimeout"/>, unless told to go on.</summary>
    public async Task ValidateAsync(string operation, int count, RolledGroup group)
    {
        if (api is null)
        {
            log.Warning($"{Source}:499", "Not validating cluster as cloudonly flag is set.");
            return;
        }

        log.Info($"{Source}:501", "Validating the cluster.");
        if (count == 0)
            log.Warning($"{Source}:525", "skipping cluster validation because validate-count was 0");
        else if (!await ValidatesAsync(count, group).ConfigureAwait(false))
            Give(operation);
    }

    private void Give(string operation)
    {
        string limit = GoDuration.Text(options.ValidationTimeout);
        string message = $"cluster did not validate within a duration of \"{limit}\"";
        if (!options.FailOnValidate)
        {
            log.Warning($"{Source}:513", $"Cluster validation failed{operation}, proceeding since fail-on-validate is set to false: {message}");
            return;
        }

        log.Error($"{Source}:506", $"Cluster did not validate within {limit}");
        throw new RollTimeout($"error validating cluster{operation}: {message}");
    }

    private async Task<bool> ValidatesAsync(int count, RolledGroup group)
    {
        long start = Now;
        for (var passed = 0; ;)
        {
            (string finding, bool concerns) = await FindingAsync(group).ConfigureAwait(false);
            if (!concerns && ++passed >= count)
            {
                log.Info($"{Source}:537", "Cluster validated.");
                return true;
            }

            if (!concerns)
            {
                log.Info($"{Source}:540", $"Cluster validated; revalidating in {GoDuration.Text(SettleTime)} to make sure it does not flap.");
                await WaitAsync(SettleTime).ConfigureAwait(false);
                continue;
            }

            passed = 0;
            if (Since(start) > options.ValidationTimeout)
            {
                log.Info($"{Source}:557", $"Cluster did not pass validation within deadline: {finding}.");
                return false;
            }

            log.Info($"{Source}:560", $"Cluster did not pass validation, will retry in \"{GoDuration.Text(RetryAfter)}\": {finding}.");
            await WaitAsync(RetryAfter).ConfigureAwait(false);
        }
    }

    private async Task<(string Finding, bool Concerns)> FindingAsync(RolledGroup group)
    {
        try
        {
            IReadOnlyList<RolledGroup> now = await cloud.GroupsAsync(groups, await api!.NodesAsync().ConfigureAwait(false)).ConfigureAwait(false);
            IReadOnlyList<RollFinding> findings = RollValidation.Of(now, await api.PodsAsync().ConfigureAwait(false));
            return (string.Join(", ", findings.Select(f => f.Message)), findings.Any(f => f.Concerns(group)));
        }
        catch (Exception e) when (e is KopsError or KopsAwsError)
        {
            return ($"error listing nodes: {e.Message}", true);
        }
    }
}

/// <summary>The cluster did not validate in time: kops stops the whole roll for that.</summary>
internal sealed class RollTimeout(string message) : Exception(message);
