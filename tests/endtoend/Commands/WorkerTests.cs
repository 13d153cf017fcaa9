using System.Net.Sockets;
using System.Text;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Commands;

/// <summary>A worker as a service manager and an orchestrator see it.</summary>
public sealed class WorkerTests : IAsyncDisposable
{
    private readonly ProcessPen _pen = new();

    public ValueTask DisposeAsync() => _pen.DisposeAsync();

    [Fact]
    public async Task A_service_manager_is_told_when_it_is_ready_and_when_it_stops()
    {
        await ServerAsync();
        string path = _pen.PathOf("notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        _pen.Environment["NOTIFY_SOCKET"] = path;

        RotationProcess worker = _pen.Start("worker", "worker", "--json");
        string ready = await ToldAsync(socket);
        worker.Signal("TERM");
        string stopping = await ToldAsync(socket);

        ready.ShouldBe("READY=1");
        stopping.ShouldBe("STOPPING=1");
        (await worker.EndAsync()).ShouldBe(0, worker.Story);
    }

    [Fact]
    public async Task The_second_interrupt_ends_it_at_once_with_every_kops_that_it_runs()
    {
        RotationProcess.SkipWhereInterruptsAreIgnored();
        await ServerAsync();
        string kops = _pen.PathOf("kops");
        await File.WriteAllTextAsync(kops, $"#!/bin/sh\necho $$ >> '{_pen.PathOf("running")}'\nexec sleep 600\n");
        File.SetUnixFileMode(kops, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        (_pen.Environment["Rotation__Kops__Path"], _pen.Environment["Rotation__Worker__Grace"]) = (kops, "01:00:00");
        RotationProcess worker = _pen.Start("worker", "worker");
        Finished start = await _pen.RunAsync("start", "keypairs", "--cluster", "slow.example.com", "--state-store", $"file://{_pen.PathOf("state")}", "--no-wait");
        start.ExitCode.ShouldBe(0, start.Errors);
        await Eventually.HoldsAsync(() => File.Exists(_pen.PathOf("running")).ShouldBeTrue());

        worker.Signal("INT");
        await worker.SaysAsync("activities have 3600 s");
        worker.Signal("INT");

        (await worker.EndAsync()).ShouldBe(130, worker.Story);
        foreach (string pid in File.ReadLines(_pen.PathOf("running")))
            await Eventually.HoldsAsync(() => IsRunning(pid).ShouldBeFalse());
    }

    [Fact]
    public async Task What_the_sdk_warns_of_is_logged_and_never_stands_in_the_answer()
    {
        RotationProcess server = await ServerAsync();
        RotationProcess worker = _pen.Start("worker", "worker", "--json");
        await worker.SaysAsync("}");
        string answer = worker.Output;

        await server.KillAsync();
        await Eventually.HoldsAsync(() => worker.Errors.ShouldContain("warn: Temporalio.Core", Case.Sensitive));

        worker.Output.ShouldBe(answer);
    }

    [Fact]
    public async Task Worker_versioning_is_refused_in_words_where_the_server_has_none()
    {
        await ServerAsync();
        _pen.Environment["Rotation__Worker__Deployment"] = "rotation";

        Finished worker = await _pen.RunAsync("worker");

        worker.ExitCode.ShouldBe(3);
        worker.Errors.ShouldContain("Rotation:Worker:Deployment");
        worker.Errors.ShouldContain("no worker deployments");
    }

    [Fact]
    public async Task A_wrong_setting_of_each_section_is_told_before_anything_is_connected()
    {
        (_pen.Environment["Rotation__Worker__Activities"], _pen.Environment["Rotation__Kops__Path"], _pen.Environment["TEMPORAL_ADDRESS"]) = ("0", " ", "127.0.0.1:1");

        Finished worker = await _pen.RunAsync("worker");

        worker.ExitCode.ShouldBe(2);
        worker.Errors.ShouldContain("Rotation__Worker__Activities");
        worker.Errors.ShouldContain("Rotation__Kops__Path");
    }

    private static bool IsRunning(string pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static async Task<string> ToldAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        byte[] text = new byte[256];
        return Encoding.UTF8.GetString(text, 0, await socket.ReceiveAsync(text, SocketFlags.None, limit.Token)).Trim();
    }

    private async Task<RotationProcess> ServerAsync()
    {
        RotationProcess server = _pen.Start("server", "server", "--port", "0", "--json");
        await server.SaysAsync("}");
        _pen.Environment["TEMPORAL_ADDRESS"] = System.Text.Json.JsonDocument.Parse(server.Output).RootElement.GetProperty("address").GetString()!;
        return server;
    }
}
