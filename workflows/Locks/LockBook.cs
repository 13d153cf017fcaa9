using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Locks;

/// <summary>Who holds a lock, who waits, and whom that must be told. Pure: the time is given.</summary>
internal sealed class LockBook
{
    private static readonly TimeSpan HandOverLimit = TimeSpan.FromMinutes(10);

    private readonly List<LockClaim> _queue;
    private readonly Dictionary<string, LockAnswer> _told = [];
    private readonly Queue<(string Hold, LockAnswer Answer)> _refusals = [];

    /// <summary>Takes up where an earlier run ended, or begins with a first claim.</summary>
    public LockBook(LockClaim? holder, IReadOnlyList<LockClaim> queue)
    {
        Holder = holder;
        _queue = [.. queue];
        if (holder is not null)
            _told[holder.Id] = AnswerOf(holder, 0);
        HasWork = true;
    }

    /// <summary>Who holds it.</summary>
    public LockClaim? Holder { get; private set; }

    /// <summary>Who waits, first come first.</summary>
    public IReadOnlyList<LockClaim> Queue => _queue;

    /// <summary>True when nobody holds it or waits, and everybody has been told.</summary>
    public bool IsEmpty => Holder is null && _queue.Count == 0 && _refusals.Count == 0;

    /// <summary>True when something happened since the last answer.</summary>
    public bool HasWork { get; private set; }

    /// <summary>Takes a claim: the free lock, a place in the queue, or a refusal. The claim's earlier place stays its own.</summary>
    public void Claim(LockClaim claim, DateTimeOffset now)
    {
        HasWork = true;
        _told.Remove(claim.Id);
        int place = _queue.FindIndex(q => q.Id == claim.Id);
        if (Holder?.Id == claim.Id)
            Holder = Holder with { Hold = claim.Hold, HandOverUntil = null };
        else if (place >= 0)
            _queue[place] = _queue[place] with { Hold = claim.Hold };
        else if (claim.Queue || (Holder is null && _queue.Count == 0))
            _queue.Add(claim with { Since = now });
        else
            _refusals.Enqueue((claim.Hold, new() { ClaimId = claim.Id, State = LockState.Refused, HeldBy = LockFace.Describe(Holder ?? _queue[0]) }));
    }

    /// <summary>Gives the lock back, or leaves the queue.</summary>
    public void Release(string claimId)
    {
        HasWork = true;
        if (Holder?.Id == claimId)
            Holder = null;
        _queue.RemoveAll(q => q.Id == claimId);
        _told.Remove(claimId);
    }

    /// <summary>Keeps the lock for the next run of its holder, for ten minutes.</summary>
    public void HandOver(string claimId, DateTimeOffset now)
    {
        HasWork = true;
        if (Holder?.Id == claimId)
            Holder = Holder with { HandOverUntil = now + HandOverLimit };
    }

    /// <summary>Gives the lock back for a holder that continued as new and never came.</summary>
    public void NotTakenOver(DateTimeOffset now)
    {
        if (Holder is { HandOverUntil: { } until } holder && until <= now)
            Release(holder.Id);
    }

    /// <summary>The next one to tell, and what; null when everybody knows.</summary>
    public (string Hold, LockAnswer Answer)? NextAnswer(DateTimeOffset now)
    {
        if (_refusals.TryDequeue(out var refusal))
            return refusal;
        if (Holder is null && _queue.Count > 0)
        {
            Holder = _queue[0] with { Since = now };
            _queue.RemoveAt(0);
        }

        if (Holder is { HandOverUntil: null } && News(Holder, AnswerOf(Holder, 0)) is { } granted)
            return granted;
        for (int i = 0; i < _queue.Count; i++)
            if (News(_queue[i], AnswerOf(_queue[i], i)) is { } news)
                return news;
        HasWork = false;
        return null;
    }

    private (string Hold, LockAnswer Answer)? News(LockClaim claim, LockAnswer answer)
    {
        if (_told.GetValueOrDefault(claim.Id) == answer)
            return null;
        _told[claim.Id] = answer;
        return (claim.Hold, answer);
    }

    private LockAnswer AnswerOf(LockClaim claim, int ahead) => new()
    {
        ClaimId = claim.Id,
        State = claim.Id == Holder?.Id ? LockState.Granted : LockState.Queued,
        HeldBy = Holder is null ? "" : LockFace.Describe(Holder),
        Ahead = ahead,
    };
}
