using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rotation.Workflows.Reports;

/// <summary>
/// The hashes of a report. Every field goes in with its name and its length in front, so that no two contents are the same bytes; it depends on no JSON library's way of writing. The
/// form is part of the format <c>rotation-report/1</c> and never changes.
/// </summary>
internal static class ReportHash
{
    /// <summary>Hash of the heading: the chain's anchor.</summary>
    public static string Of(RotationReport report) => Hash([("format", report.Format), ("cluster", report.Cluster), ("workflowId", report.WorkflowId), ("runId", report.RunId)]);

    /// <summary>Hash of a record, its own hash not included.</summary>
    public static string Of(ReportRecord record) => Hash(
    [
        ("number", record.Number.ToString(CultureInfo.InvariantCulture)),
        ("at", record.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
        ("kind", record.Kind.ToString()),
        ("step", record.Step),
        ("who", record.Who),
        ("what", record.What),
        ("facts", record.Facts.Count.ToString(CultureInfo.InvariantCulture)),
        .. record.Facts.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => (f.Key, f.Value)),
        ("previous", record.Previous),
    ]);

    private static string Hash(IEnumerable<(string Name, string Value)> fields)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach ((string name, string value) in fields)
        {
            Write(bytes, name);
            Write(bytes, value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));
    }

    private static void Write(ArrayBufferWriter<byte> bytes, string text)
    {
        Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(text).ToString(CultureInfo.InvariantCulture)}:", bytes);
        Encoding.UTF8.GetBytes(text, bytes);
    }
}
