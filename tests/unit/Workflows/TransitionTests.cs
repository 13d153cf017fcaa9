using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Machine;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules;

public sealed class TransitionTests
{
    public static TheoryData<RotationState, RotationEvent> Every() => new(from s in Enum.GetValues<RotationState>() from e in Enum.GetValues<RotationEvent>() select (s, e));

    [Theory]
    [MemberData(nameof(Every))]
    public void Each_pair_is_either_in_the_table_once_or_refused_in_words(RotationState from, RotationEvent on)
    {
        RotationTransition[] rows = [.. RotationTransitions.All.Where(t => t.From == from && t.On == on)];
        rows.Length.ShouldBeLessThanOrEqualTo(1);
        RotationTransitions.Allows(from, on).ShouldBe(rows.Length == 1);
        if (rows.Length == 1)
        {
            RotationTransitions.Next(from, on).ShouldBe(rows[0].To);
            return;
        }

        var refusal = Should.Throw<ApplicationFailureException>(() => RotationTransitions.Next(from, on));
        refusal.ErrorType.ShouldBe(RotationErrors.IllegalTransition);
        refusal.NonRetryable.ShouldBeTrue();
        refusal.Message.ShouldContain($"{on} is not possible while the rotation is {from}");
    }

    [Fact]
    public void The_three_ends_are_reached_from_their_own_states_only_and_never_left()
    {
        RotationTransitions.All.ShouldNotContain(t => RotationTransitions.IsEnd(t.From));
        RotationTransitions.All.Where(t => t.To == RotationState.Completed).Select(t => (t.From, t.On)).ShouldBe([(RotationState.Running, RotationEvent.Complete)]);
        RotationTransitions.All.Where(t => t.To == RotationState.RolledBack).Select(t => (t.From, t.On)).ShouldBe([(RotationState.RollingBack, RotationEvent.BackAtStart)]);
        RotationTransitions.All.Where(t => t.To == RotationState.Failed).ShouldAllBe(t => t.On == RotationEvent.Refuse && t.From != RotationState.RollingBack);
    }

    [Fact]
    public void Every_state_that_is_no_end_can_be_left_towards_the_start()
    {
        foreach (RotationState state in Enum.GetValues<RotationState>().Where(s => !RotationTransitions.IsEnd(s) && s != RotationState.RollingBack))
            RotationTransitions.Allows(state, RotationEvent.Rollback).ShouldBeTrue();
    }
}
