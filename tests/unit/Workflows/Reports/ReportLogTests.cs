using System.Text.Json;
using FsCheck.Xunit;
using Rotation.Workflows.Reports;
using Rotation.Workflows.Serialization;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Workflows.Reports;

public sealed class ReportLogTests
{
    [Property(MaxTest = 300)]
    public void Whatever_people_type_the_file_verifies(string? what, string? who, string? fact)
    {
        var log = new ReportLog("c", "w", "r");
        log.Append(Reports.Start.AddTicks(7), ReportKind.Approved, what ?? "", who: who ?? "", facts: Reports.Facts(("comment", fact ?? "")));

        ReportVerifier.Verify(JsonSerializer.Serialize(log.Report, RotationDataConverter.Json), log.Head).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Half_a_character_and_endless_text_still_verify()
    {
        var log = new ReportLog("c", "w", "r");
        log.Append(Reports.Start, ReportKind.Called, "\ud83d " + new string('x', 1997) + "\ud83d\ude00");

        log.Report.Records[0].What.Length.ShouldBe(2000);
        ReportVerifier.Verify(JsonSerializer.Serialize(log.Report, RotationDataConverter.Json)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_happenings_make_the_same_hashes() => Reports.Completed().Head.ShouldBe(Reports.Completed().Head);

    [Fact]
    public void Fields_cannot_flow_into_each_other()
    {
        string Head(string step, string who)
        {
            var log = new ReportLog("c", "w", "r");
            log.Append(Reports.Start, ReportKind.Called, "x", step, who);
            return log.Head;
        }

        Head("ab", "c").ShouldNotBe(Head("a", "bc"));
    }

    [Fact]
    public void Nothing_follows_the_end()
    {
        var log = new ReportLog("c", "w", "r");
        log.Append(Reports.Start, ReportKind.Ended, "Completed");

        Should.Throw<InvalidOperationException>(() => log.Append(Reports.Start, ReportKind.Changed, "more"));
    }

    [Fact]
    public void The_report_handed_out_does_not_grow()
    {
        var log = new ReportLog("c", "w", "r");
        RotationReport before = log.Report;
        log.Append(Reports.Start, ReportKind.Started, "begins");

        before.Records.ShouldBeEmpty();
        ReportVerifier.Verify(before).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public void Markdown_shows_all_and_cannot_be_broken_out_of()
    {
        var log = new ReportLog("prod.example.com", "w", "r");
        log.Append(Reports.Start, ReportKind.Approved, "fine | ok\n# Heading <script>alert(1)</script> ![x](http://evil)", "1-stage", "bob@example.com", Reports.Facts(("planHash", "abc")));

        string markdown = ReportMarkdown.Write(log.Report);

        string row = markdown.Split('\n').Single(l => l.StartsWith("| 1 ", StringComparison.Ordinal));
        row.ShouldBe(@"| 1 | 2026-11-24 02:00:00 | Approved | 1-stage | bob@example.com | fine \| ok \# Heading \<script\>alert(1)\</script\> \!\[x\](http://evil) | planHash: abc |");
        markdown.ShouldContain("not ended");
        markdown.ShouldContain(log.Head);
    }
}
