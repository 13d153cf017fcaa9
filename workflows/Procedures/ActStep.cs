namespace Rotation.Workflows.Procedures;

/// <summary>A step that is one action. Without a way back of its own it is taken back by that of an earlier step.</summary>
/// <param name="name">Its name.</param>
/// <param name="act">Does it, given its name.</param>
/// <param name="undo">Takes it back, given its name.</param>
internal sealed class ActStep(string name, Func<string, Task> act, Func<string, Task>? undo = null) : IRotationStep
{
    public string Name => name;

    /// <inheritdoc/>
    public string? WhyGate { get; init; }

    /// <inheritdoc/>
    public string? WhyGateBack => BackGate();

    /// <summary>Says <see cref="WhyGateBack"/>, when it is asked.</summary>
    public Func<string?> BackGate { get; init; } = () => null;

    public Task DoAsync() => act(name);

    public Task UndoAsync() => undo?.Invoke(name) ?? Task.CompletedTask;
}
