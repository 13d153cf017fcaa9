namespace Rotation.Worker.Checks;

/// <summary>Something that a worker needs, and how to find out whether it is there.</summary>
/// <param name="Name">What it is.</param>
/// <param name="ProveAsync">Uses it, and tells in words what was found; throws when it is not there.</param>
internal sealed record Dependency(string Name, Func<CancellationToken, Task<string>> ProveAsync);

/// <summary>What came of it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Ok">Whether it is there.</param>
/// <param name="Detail">What was found, or why it failed and what to do.</param>
internal sealed record CheckResult(string Name, bool Ok, string Detail);
