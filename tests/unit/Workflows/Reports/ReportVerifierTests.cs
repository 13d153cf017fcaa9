using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Rotation.Workflows.Reports;
using Rotation.Workflows.Serialization;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Workflows.Reports;

public sealed class ReportVerifierTests
{
    private static readonly RotationReport Report = Reports.Completed();
    private static readonly string Json = JsonSerializer.Serialize(Report, RotationDataConverter.Json);

    [Fact]
    public void A_report_is_intact_and_complete_as_written_and_as_read_back()
    {
        foreach (ReportVerdict verdict in new[] { ReportVerifier.Verify(Report, Report.Head), ReportVerifier.Verify(Json, Report.Head) })
        {
            verdict.Problems.ShouldBeEmpty();
            (verdict.IsIntact, verdict.IsComplete, verdict.Head).ShouldBe((true, true, Report.Head));
        }
    }

    [Fact]
    public void The_form_that_is_hashed_never_changes() => Report.Head.ShouldBe("8195e1f407749fa02419e42aea5a8a5d907c59da569f6aab85e253aa15f69314");

    [Fact]
    public void Every_field_of_every_record_is_covered()
    {
        Func<ReportRecord, ReportRecord>[] changes =
        [
            r => r with { Number = r.Number + 1 }, r => r with { At = r.At.AddMilliseconds(1) }, r => r with { Kind = r.Kind == ReportKind.Failed ? ReportKind.Undone : ReportKind.Failed },
            r => r with { Step = r.Step + "x" }, r => r with { Who = "eve" }, r => r with { What = r.What + " " }, r => r with { Previous = new string('0', 64) }, r => r with { Hash = new string('0', 64) },
            r => r with { Facts = new Dictionary<string, string>(r.Facts) { ["new"] = "" } }, r => r with { Facts = r.Facts.ToDictionary(f => f.Key, f => f.Value + "x").Append(KeyValuePair.Create("y", "z")).ToDictionary() },
        ];
        for (int i = 0; i < Report.Records.Count; i++)
            foreach (var change in changes)
                Check(Report with { Records = [.. Report.Records.Select((r, n) => n == i ? change(r) : r)] });
    }

    [Fact]
    public void Every_field_of_the_heading_is_covered()
    {
        foreach (RotationReport changed in new[] { Report with { Cluster = "dev" }, Report with { WorkflowId = "x" }, Report with { RunId = "x" }, Report with { Format = "x" }, Report with { Head = "x" } })
            Check(changed);
    }

    [Property(MaxTest = 300)]
    public void Removed_doubled_and_moved_records_are_found(NonNegativeInt one, NonNegativeInt other)
    {
        int from = one.Get % Report.Records.Count;
        int to = other.Get % Report.Records.Count;
        List<ReportRecord> removed = [.. Report.Records], doubled = [.. Report.Records], moved = [.. Report.Records];
        removed.RemoveAt(from);
        doubled.Insert(to, Report.Records[from]);
        (moved[from], moved[to]) = (moved[to], moved[from]);

        Check(Report with { Records = removed });
        Check(Report with { Records = doubled });
        if (from != to)
            Check(Report with { Records = moved });
    }

    [Property(MaxTest = 2000)]
    public void Whatever_byte_of_a_file_is_changed_it_is_found_or_means_the_same(NonNegativeInt position, byte value)
    {
        byte[] file = Encoding.UTF8.GetBytes(Json);
        file[position.Get % file.Length] = value;
        string changed = Encoding.UTF8.GetString(file);

        // The letters of an escape or the case of a word of ours may differ without another meaning: what is read must then be the same to the last field.
        if (ReportVerifier.Verify(changed).IsIntact)
            JsonSerializer.Serialize(JsonSerializer.Deserialize<RotationReport>(changed, RotationDataConverter.Json), RotationDataConverter.Json).ShouldBe(Json);
    }

    [Fact]
    public void A_tail_that_was_cut_off_with_a_new_head_is_incomplete_and_another_head()
    {
        RotationReport cut = Report with { Records = [.. Report.Records.SkipLast(1)], Head = Report.Records[^2].Hash };

        ReportVerifier.Verify(cut).IsComplete.ShouldBeFalse();
        ReportVerifier.Verify(cut, Report.Head).Problems.ShouldHaveSingleItem().ShouldContain("was expected");
    }

    [Fact]
    public void A_report_that_was_written_anew_is_found_by_its_head()
    {
        var log = new ReportLog(Report.Cluster, Report.WorkflowId, Report.RunId);
        foreach (ReportRecord record in Report.Records)
            log.Append(record.At, record.Kind, record.What, record.Step, record.Who.Replace("bob", "eve", StringComparison.Ordinal), record.Facts);

        ReportVerifier.Verify(log.Report).IsIntact.ShouldBeTrue();
        ReportVerifier.Verify(log.Report, Report.Head).IsIntact.ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"format":"rotation-report/2"}""")]
    [InlineData("""{"format":"rotation-report/1","extra":1}""")]
    [InlineData("""{"format":"rotation-report/1","format":"rotation-report/1"}""")]
    public void What_is_no_report_is_said_so(string json) => ReportVerifier.Verify(json).IsIntact.ShouldBeFalse();

    private static void Check(RotationReport changed)
    {
        ReportVerifier.Verify(changed).IsIntact.ShouldBeFalse();
        ReportVerifier.Verify(JsonSerializer.Serialize(changed, RotationDataConverter.Json)).IsIntact.ShouldBeFalse();
    }
}
