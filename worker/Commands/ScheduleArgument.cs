using System.CommandLine;
using Rotation.Worker.Connection;
using Rotation.Workflows;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;

namespace Rotation.Worker.Commands;

/// <summary>Which schedule a command means.</summary>
internal static class ScheduleArgument
{
    /// <summary>Its name.</summary>
    public static Argument<string> Name { get; } = new Argument<string>("schedule") { Description = "Name of the schedule, as 'rotation schedule list' shows it." }.With(result =>
    {
        if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            result.AddError("The schedule's name is empty.");
    });

    /// <summary>Connects and finds it. Fails with exit code 1 when there is none, and 3 when it starts something else than rotations.</summary>
    public static async Task<(ScheduleHandle Handle, ScheduleDescription Description)> FindAsync(Invocation call)
    {
        ScheduleHandle handle = (await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false)).GetScheduleHandle(call.Value(Name)!);
        try
        {
            ScheduleDescription description = await handle.DescribeAsync(new() { CancellationToken = call.Cancel }).ConfigureAwait(false);
            return description.Schedule.Action is ScheduleActionStartWorkflow { Workflow: nameof(RotationPolicy) }
                ? (handle, description)
                : throw CommandFailure.Refused($"The schedule '{handle.Id}' is none of ours: it starts something else than {nameof(RotationPolicy)}.");
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            throw CommandFailure.Failed($"There is no schedule '{handle.Id}'; see: rotation schedule list", e);
        }
    }
}
