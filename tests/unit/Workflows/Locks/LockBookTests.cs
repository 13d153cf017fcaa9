using FsCheck.Xunit;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Locks;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules.Locks;

public sealed class LockBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_holder_that_continues_as_new_keeps_the_lock_for_ten_minutes()
    {
        LockBook book = Of("a", "b");
        book.HandOver("a", Now);

        book.NotTakenOver(Now.AddMinutes(9));
        Answers(book).ShouldBeEmpty();
        book.Claim(Claim("a") with { Hold = "the hold of its next run" }, Now.AddMinutes(9));
        Answers(book).ShouldBe(["the hold of its next run: Granted"]);
        book.NotTakenOver(Now.AddMinutes(30));
        book.Holder!.Id.ShouldBe("a");

        book.HandOver("a", Now.AddMinutes(30));
        book.NotTakenOver(Now.AddMinutes(40));
        Answers(book).ShouldBe(["b: Granted"]);
    }

    [Fact]
    public void Claiming_again_is_answered_again_and_moves_nobody()
    {
        LockBook book = Of("a", "b", "c");
        book.Claim(Claim("b"), Now);
        book.Claim(Claim("a"), Now);
        Answers(book).ShouldBe(["a: Granted", "b: Queued 0"]);
        book.Queue.Select(q => q.Id).ShouldBe(["b", "c"]);
    }

    [Fact]
    public void One_that_does_not_queue_is_refused_while_the_lock_is_held_or_due_to_others()
    {
        LockBook book = Of("a", "b");
        book.Claim(Claim("c") with { Queue = false }, Now);
        book.Release("a");
        book.Claim(Claim("d") with { Queue = false }, Now);
        Answers(book).ShouldBe(["c: Refused", "d: Refused", "b: Granted"]);
        book.Release("b");
        book.IsEmpty.ShouldBeTrue();
        book.Claim(Claim("d") with { Queue = false }, Now);
        Answers(book).ShouldBe(["d: Granted"]);
    }

    /// <summary>Whatever is sent in whatever order: nobody is granted the lock while another holds it, and those who wait are served in the order of their claims.</summary>
    [Property(MaxTest = 500)]
    public bool At_most_one_holds_it_and_nobody_is_overtaken((byte Who, byte What)[] calls)
    {
        var book = new LockBook(null, []);
        List<string> order = [];
        string? holder = null;
        foreach ((byte who, byte what) in calls ?? [])
        {
            string id = $"{who % 6}";
            if (what % 3 != 0)
            {
                book.Claim(Claim(id) with { Queue = what % 3 == 1 }, Now);
                if (!order.Contains(id) && (what % 3 == 1 || order.Count == 0))
                    order.Add(id);
            }
            else
            {
                book.Release(id);
                order.Remove(id);
                holder = holder == id ? null : holder;
            }

            while (book.NextAnswer(Now) is { } next)
            {
                if (next.Answer.State != LockState.Granted)
                    continue;
                if ((holder is not null && holder != next.Answer.ClaimId) || next.Answer.ClaimId != order[0])
                    return false;
                holder = next.Answer.ClaimId;
            }

            if (order.Count > 0 && book.Holder?.Id != order[0])
                return false;
        }

        return true;
    }

    // Everybody has heard where it stands.
    private static LockBook Of(params string[] ids)
    {
        var book = new LockBook(null, [.. ids.Select(Claim)]);
        Answers(book);
        return book;
    }

    private static List<string> Answers(LockBook book)
    {
        List<string> answers = [];
        while (book.NextAnswer(Now) is { } next)
            answers.Add($"{next.Hold}: {next.Answer.State}{(next.Answer.State == LockState.Queued ? $" {next.Answer.Ahead}" : "")}");
        return answers;
    }

    private static LockClaim Claim(string id) => new() { Id = id, Hold = id, Holder = new() { WorkflowId = id, Kind = "Test", FirstRunId = id }, Queue = true };
}
