using System.Diagnostics;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Rotation.Worker.Labs;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Commands;

/// <summary>The file <c>kops</c> of a lab is the same kops whether the lab answers it, a process of its own does, or the lab has ended.</summary>
public sealed class LabKopsTests
{
    private const string Secret = """{"auths":{"registry.example.com":{"auth":"dTpw"}}}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_answers_as_lab_kops_does(bool processes)
    {
        await using var pen = new ProcessPen();
        var folder = new LabFolder(pen.PathOf("lab"));
        pen.Environment["KOPS_STATE_STORE"] = folder.StateStoreUrl;
        pen.Environment["KUBECONFIG"] = pen.PathOf("none");
        RotationProcess lab = pen.Start("lab", ["lab", "up", "--dir", folder.Root, "--nodes", "1", "--control-plane", "1", "--json", .. processes ? ["--kops-processes"] : Array.Empty<string>()]);
        await lab.SaysAsync("\"workerConfig\"");

        string[] get = ["get", "keypairs", "kubernetes-ca", "--name", "lab.example.com", "-o", "json"];
        Finished same = await pen.RunAsync(["lab", "kops", .. get]);
        same = same with { Output = same.Output.TrimEnd('\n'), Errors = RecordedText.WithoutFolderWarning(same.Errors) };
        same.Output.ShouldContain("kubernetes-ca");
        (await RunAsync(pen, folder, null, get)).ShouldBe(same);
        Finished refused = await RunAsync(pen, folder, null, "promote", "keypair", "kubernetes-ca", "1", "--name", "lab.example.com");
        (refused.ExitCode, refused.Output).ShouldBe((1, ""));
        refused.Errors.ShouldContain("Error: ");
        Finished typed = await RunAsync(pen, folder, Secret, "create", "secret", "dockerconfig", "-f", "-", "--name", "lab.example.com");
        typed.ExitCode.ShouldBe(0, typed.Errors);

        await lab.KillAsync();
        (await RunAsync(pen, folder, null, get)).ShouldBe(same);
    }

    private static async Task<Finished> RunAsync(ProcessPen pen, LabFolder folder, string? input, params string[] arguments)
    {
        var info = new ProcessStartInfo(folder.Kops) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            info.ArgumentList.Add(argument);
        CleanEnvironment.Apply(info, pen.Environment);
        using Process process = Process.Start(info)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Finished(process.ExitCode, (await output).TrimEnd('\n'), RecordedText.WithoutFolderWarning(await errors));
    }
}
