namespace Rotation.Workflows.Planning;

/// <summary>How far a keyset has come in a rotation that this one did not begin.</summary>
internal enum KeysetProgress
{
    /// <summary>Nothing was begun.</summary>
    Fresh,

    /// <summary>A newer keypair is trusted and does not sign yet.</summary>
    Staged,

    /// <summary>The newest keypair signs, and an older one is still trusted.</summary>
    Promoted,

    /// <summary>The newest keypair signs, and those of before are trusted no more.</summary>
    Distrusted,
}
