using System.Globalization;
using Rotation.Activities.Hosting;
using Rotation.Activities.Notifications;
using Rotation.Activities.Running;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Sources;

/// <summary>The worker's own folder and session.</summary>
internal sealed class WorkerSource(RotationOptions options, NotificationOptions notifications) : IFactSource
{
    public string Unread => "worker-unreadable";

    public FindingSeverity Severity => FindingSeverity.Warning;

    public async Task<PreflightFacts> AddAsync(PreflightFacts facts, CancellationToken ct)
    {
        string folder = options.WorkDirectory;
        string? unwritable = await TryWriteAsync(folder, ct).ConfigureAwait(false);
        DriveInfo? drive = unwritable is null ? DriveOf(folder) : null;
        return facts with
        {
            Worker = new(
                folder,
                unwritable,
                drive?.DriveFormat is "tmpfs" or "ramfs",
                drive?.AvailableFreeSpace ?? 0,
                Environment.GetEnvironmentVariable("AWS_SESSION_TOKEN") is { Length: > 0 },
                EndOf(Environment.GetEnvironmentVariable("AWS_CREDENTIAL_EXPIRATION")))
            { Notifiers = [.. notifications.Notifiers.Keys] },
        };
    }

    /// <summary>The time in a text as the AWS tools write it, or null.</summary>
    internal static DateTimeOffset? EndOf(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end) ? end : null;

    /// <summary>The file system that holds a folder: the mount with the longest path above it.</summary>
    internal static DriveInfo? DriveOf(string folder) => DriveInfo.GetDrives().Where(d => IsAbove(d.RootDirectory.FullName, folder)).MaxBy(d => d.RootDirectory.FullName.Length);

    private static bool IsAbove(string mount, string folder) => mount == "/" || folder == mount || folder.StartsWith(mount.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static async Task<string?> TryWriteAsync(string folder, CancellationToken ct)
    {
        try
        {
            PrivateFiles.CreateFolder(folder);
            string file = Path.Combine(folder, $".preflight-{Guid.NewGuid():n}");
            await PrivateFiles.CreateAsync(file, new byte[] { 1 }, ct).ConfigureAwait(false);
            File.Delete(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
