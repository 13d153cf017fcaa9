using System.CommandLine;

namespace Rotation.Worker.Commands;

/// <summary>Which rotation a command means.</summary>
internal static class RotationArgument
{
    /// <summary>Its workflow id.</summary>
    public static Argument<string> Id { get; } = Create();

    private static Argument<string> Create()
    {
        var argument = new Argument<string>("rotation") { Description = "Workflow id of the rotation, as 'rotation list' shows it." };
        argument.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
                result.AddError("The rotation's id is empty.");
        });
        return argument;
    }
}
