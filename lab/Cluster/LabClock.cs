namespace Rotation.Lab.Cluster;

/// <summary>Wall clock for stamps, lab time for durations: a lab second lasts 1 / speed of a real one.</summary>
internal sealed class LabClock(double speed)
{
    /// <summary>How often a loop that stands for a controller or a kubelet looks, whatever the speed: fast enough for tests, light enough for 1,000 nodes.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    public double Speed { get; } = speed > 0 ? speed : throw new ArgumentOutOfRangeException(nameof(speed), "The speed must be positive.");

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public TimeSpan Real(TimeSpan labTime) => labTime / Speed;

    public Task DelayAsync(TimeSpan labTime, CancellationToken cancel) => Task.Delay(Real(labTime), cancel);
}
