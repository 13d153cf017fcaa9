namespace Rotation.Activities.Hosting;

/// <summary>Where a user's files are kept unless told otherwise.</summary>
public static class UserFolder
{
    /// <summary>Absolute path of the folder <c>rotation</c> in the user's local application data, whether anything of it is there yet or not.</summary>
    public static string Path { get; } = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "rotation");
}
