using Google.Protobuf;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Sizes the real server refuses, refused here too, so that what works here works there.</summary>
internal static class Sizes
{
    /// <summary>Bytes of one group of payloads or of a memo; characters of an id.</summary>
    public const int BlobBytes = 2 * 1024 * 1024, IdLength = 1000;

    /// <summary>Events that may wait for the end of a workflow task, and their bytes.</summary>
    public const int BufferedEvents = 100, BufferedBytes = 2 * 1024 * 1024;

    /// <summary>A command's content: too much of it ends the run.</summary>
    public static void Command(IMessage? content, WorkflowTaskFailedCause cause, string what) => Command(content?.CalculateSize() ?? 0, cause, what);

    public static void Command(int bytes, WorkflowTaskFailedCause cause, string what)
    {
        if (bytes > BlobBytes)
            throw new BadCommand(cause, $"{what} exceeds size limit.", ends: true);
    }

    /// <summary>A name in a command.</summary>
    public static void CommandId(string id, WorkflowTaskFailedCause cause, string what)
    {
        if (id.Length == 0)
            throw new BadCommand(cause, $"{what} is not set on command.");
        if (id.Length > IdLength)
            throw new BadCommand(cause, $"{what} on command exceeds length limit. Length={id.Length} Limit={IdLength}");
    }
}
