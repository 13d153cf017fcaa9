using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Rotation.Workflows.Keypairs;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules.Continuity;

/// <summary>
/// Trust continuity, checked on random schedules of steps, retries, crashes, joins, losses, slow clients and ways back. <c>ROTATION_CONTINUITY_SCHEDULES</c> says how
/// many; 5,000 unless it is set.
/// </summary>
public sealed class TrustContinuityTests
{
    private const int WrongOrderLimit = 1000;
    private const int Default = 5000;

    public static TheoryData<string> WrongOrders() => new(Wrong.Keys);

    private static readonly Dictionary<string, Procedure> Wrong = new()
    {
        ["promote before the nodes trust the new keypair"] = new() { Without = ["1-stage/Roll", "1-stage/Verify"] },
        ["promote before clients have both CAs"] = new() { Without = ["3-promote/ClientsFetch"] },
        ["promote before both CAs are delivered"] = new() { Without = ["2-export-ca/Deliver"] },
        ["distrust before clients have new credentials"] = new() { Without = ["5-distrust/ClientsFetch"] },
        ["distrust before new credentials are delivered"] = new() { Without = ["4-export-admin/DeliverAdmin"] },
        ["distrust before the nodes have new certificates"] = new() { Without = ["3-promote/Roll", "3-promote/Verify"] },
        ["distrust without looking for nodes that joined with an old certificate"] = new() { Without = ["3-promote/Verify"] },
        ["export admin credentials before promoting"] = new() { Steps = [StepNames.Stage, StepNames.ExportBothCas, StepNames.ExportAdmin, StepNames.Promote, StepNames.Distrust, StepNames.ExportNewCa] },
        ["promote before exporting the CAs"] = new() { Steps = [StepNames.Stage, StepNames.Promote, StepNames.ExportBothCas, StepNames.ExportAdmin, StepNames.Distrust, StepNames.ExportNewCa] },
        ["way back oldest first"] = new() { OldestFirst = true },
        ["way back of step 1 before clients have the previous credentials"] = new() { Without = ["back-1-stage/ClientsFetchIfDelivered"] },
        ["way back of step 3 without rolling"] = new() { Without = ["back-3-promote/Roll", "back-3-promote/Verify"] },
        ["way back of step 5 without rolling"] = new() { Without = ["back-5-distrust/Roll", "back-5-distrust/Verify"] },
        ["way back of step 2 left out"] = new() { Without = ["back-2-export-ca/Restore"] },
    };

    [Fact]
    public void The_procedure_keeps_every_connection_under_every_schedule() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Count()), Holds(new Procedure()));

    [Theory]
    [MemberData(nameof(WrongOrders))]
    public void A_wrong_order_is_found(string order)
    {
        var failure = Should.Throw<Exception>(() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(WrongOrderLimit), Holds(Wrong[order])));
        failure.Message.ShouldContain("Falsifiable");
    }

    private static Property Holds(Procedure procedure) => Prop.ForAll(
        Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf(160).ToArbitrary(),
        choices =>
        {
            string? problem = new Schedule(procedure, choices).Run();
            return (problem is null).Label(problem ?? "");
        });

    private static int Count() => int.TryParse(Environment.GetEnvironmentVariable("ROTATION_CONTINUITY_SCHEDULES"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : Default;
}
