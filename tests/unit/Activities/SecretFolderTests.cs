using System.Diagnostics;
using Rotation.Activities.Running;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Temporary secrets are for their owner only, are gone afterwards, and are wiped when a killed worker left them.</summary>
public sealed class SecretFolderTests
{
    private static readonly DateTime Later = DateTime.UtcNow.AddHours(1);

    [Fact]
    public async Task A_folder_and_its_files_are_private_and_gone_when_it_is_disposed_of()
    {
        var folder = new SecretFolder();
        await PrivateFiles.CreateAsync(folder.File("ca.key"), "key"u8.ToArray(), TestContext.Current.CancellationToken);

        File.GetUnixFileMode(folder.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(folder.File("ca.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        folder.Dispose();

        Directory.Exists(folder.Path).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_killed_worker_left_is_wiped_and_what_is_in_use_is_not()
    {
        using var parent = new TempFolder();
        using var mine = new SecretFolder(parent.Path);
        string left = Directory.CreateDirectory(parent.Combine("rotation-left")).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "ca.key"), "CANARY", TestContext.Current.CancellationToken);
        // A worker that holds its folder and is killed, as far as the kernel can tell.
        using Process worker = Process.Start("flock", ["--exclusive", "--no-fork", Path.Combine(left, ".held"), "sh", "-c", $"touch '{left}/up'; exec sleep 600"]);
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(left, "up")).ShouldBeTrue());

        SecretFolder.Sweep(parent.Path, Later).ShouldBe(0);
        worker.Kill();
        await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
        // One that was made this moment may not be held yet.
        SecretFolder.Sweep(parent.Path, DateTime.UtcNow).ShouldBe(0);
        SecretFolder.Sweep(parent.Path, Later).ShouldBe(1);

        Directory.Exists(left).ShouldBeFalse();
        Directory.Exists(mine.Path).ShouldBeTrue();
    }
}
