using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Rotation.Worker.Commands;
using Rotation.Worker.Hosting;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Worker.Hosting;

/// <summary>The settings of a worker: each wrong one is named by its key and its form in the environment, all at once.</summary>
public sealed class WorkerRulesTests
{
    public static TheoryData<string, string> Wrong => new()
    {
        { "Activities", "0" },
        { "WorkflowTasks", "1" },
        { "CachedWorkflows", "1" },
        { "ActivityPollers", "101" },
        { "WorkflowPollers", "1" },
        { "Grace", "-00:00:01" },
        { "Grace", "02:00:00" },
        { "Look", "00:00:00.5" },
        { "Listen", "9464" },
        { "Listen", "https://127.0.0.1:9464" },
        { "Listen", "http://worker.example.com:9464" },
        { "Listen", "http://127.0.0.1:9464/metrics" },
        { "Deployment", "a.b" },
        { "LogFormat", "xml" },
        { "BuildId", "7" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_is_named(string key, string value)
    {
        string[] problems = ProblemsOf(new() { [$"Rotation:Worker:{key}"] = value });

        problems.ShouldHaveSingleItem().ShouldStartWith($"Rotation:Worker:{key} is ");
        problems[0].ShouldEndWith($"(in the environment: Rotation__Worker__{key}).");
    }

    [Fact]
    public void All_wrong_settings_of_all_sections_are_told_at_once()
    {
        string[] problems = ProblemsOf(new() { ["Rotation:Worker:Activities"] = "0", ["Rotation:Worker:LogFormat"] = "xml", ["Rotation:Kops:Path"] = " ", ["Rotation:Encryption:ActiveKey"] = "none" });

        problems.Length.ShouldBe(4);
    }

    [Fact]
    public void What_is_no_number_is_told_with_its_key_and_exit_code_2()
    {
        CommandFailure failure = Should.Throw<CommandFailure>(() => ConfigurationCheck.ThrowIfWrong(With(new() { ["Rotation:Worker:Activities"] = "many" })));

        failure.ExitCode.ShouldBe(ExitCode.Usage);
        failure.Message.ShouldContain("Rotation:Worker:Activities");
    }

    [Fact]
    public void The_defaults_and_a_pod_are_right() =>
        ConfigurationCheck.ThrowIfWrong(With(new() { ["Rotation:Worker:Listen"] = "http://0.0.0.0:9464", ["Rotation:Worker:Deployment"] = "rotation", ["Rotation:Worker:BuildId"] = "1.0.0" }));

    private static string[] ProblemsOf(Dictionary<string, string?> settings) =>
        [.. Should.Throw<OptionsValidationException>(() => ConfigurationCheck.ThrowIfWrong(With(settings))).Failures];

    private static IConfigurationRoot With(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
