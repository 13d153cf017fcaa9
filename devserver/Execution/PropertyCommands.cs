using Google.Protobuf;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Commands that note something: markers, search attributes, memo.</summary>
internal static class PropertyCommands
{
    public static HistoryEvent Marker(Run run, Transition t, RecordMarkerCommandAttributes c, long completedId)
    {
        Sizes.CommandId(c.MarkerName, WorkflowTaskFailedCause.BadRecordMarkerAttributes, "MarkerName");
        Sizes.Command(c.Details.Sum(d => d.Key.Length + d.Value.CalculateSize()), WorkflowTaskFailedCause.BadRecordMarkerAttributes, "RecordMarkerCommandAttributes.Details");
        var marker = new MarkerRecordedEventAttributes { MarkerName = c.MarkerName, Header = c.Header, Failure = c.Failure, WorkflowTaskCompletedEventId = completedId };
        marker.Details.Add(c.Details);
        return Happened.Now(run, t, new HistoryEvent { EventType = EventType.MarkerRecorded, MarkerRecordedEventAttributes = marker });
    }

    public static HistoryEvent Upsert(Run run, Transition t, UpsertWorkflowSearchAttributesCommandAttributes c, long completedId)
    {
        if (c.SearchAttributes is null || c.SearchAttributes.IndexedFields.Count == 0)
            throw new BadCommand(WorkflowTaskFailedCause.BadSearchAttributes, "IndexedFields is not set on UpsertWorkflowSearchAttributesCommand.");
        var given = Checked(run, t, c.SearchAttributes);
        var all = NextRuns.AttributesOf(run.State) ?? new SearchAttributes();
        foreach (var (name, value) in given.IndexedFields)
        {
            if (value.Data.IsEmpty || value.Data.ToStringUtf8() is "null" or "[]")
                all.IndexedFields.Remove(name);
            else
                all.IndexedFields[name] = value;
        }
        run.State.SearchAttributes = all.ToByteArray();
        run.RowChanged = true;
        return Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.UpsertWorkflowSearchAttributes,
            UpsertWorkflowSearchAttributesEventAttributes = new() { SearchAttributes = given, WorkflowTaskCompletedEventId = completedId },
        });
    }

    public static HistoryEvent Modify(Run run, Transition t, ModifyWorkflowPropertiesCommandAttributes c, long completedId)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadModifyWorkflowPropertiesAttributes;
        if (c.UpsertedMemo is null || c.UpsertedMemo.Fields.Count == 0)
            throw new BadCommand(Bad, "UpsertedMemo.Fields is not set on ModifyWorkflowPropertiesCommand.");
        Sizes.Command(c.UpsertedMemo, Bad, "ModifyWorkflowPropertiesCommandAttributes");
        var memo = NextRuns.MemoOf(run.State) ?? new Memo();
        foreach (var (name, value) in c.UpsertedMemo.Fields)
        {
            if (value.Metadata.TryGetValue("encoding", out var encoding) && encoding.ToStringUtf8() == "binary/null")
                memo.Fields.Remove(name);
            else
                memo.Fields[name] = value;
        }
        Sizes.Command(memo, Bad, "ModifyWorkflowPropertiesCommandAttributes. Memo");
        run.State.Memo = memo.ToByteArray();
        run.RowChanged = true;
        return Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.WorkflowPropertiesModified,
            WorkflowPropertiesModifiedEventAttributes = new() { UpsertedMemo = c.UpsertedMemo, WorkflowTaskCompletedEventId = completedId },
        });
    }

    /// <summary>Typed and known attributes; a wrong one fails the workflow task.</summary>
    public static SearchAttributes Checked(Run run, Transition t, SearchAttributes? given)
    {
        try
        {
            return AttributeCheck.Checked(t.Runs.Attributes(run.State.Namespace), given);
        }
        catch (RpcFailure e)
        {
            throw new BadCommand(WorkflowTaskFailedCause.BadSearchAttributes, e.Message);
        }
    }
}
