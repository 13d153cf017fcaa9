namespace Rotation.Activities.Approvals;

/// <summary>Stops the check of a token; becomes the refusal of the verdict.</summary>
/// <param name="message">Why, to be read after the word "token". Never content of the token that is secret.</param>
internal sealed class ApprovalRefusedException(string message) : Exception(message);
