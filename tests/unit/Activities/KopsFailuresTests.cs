using Rotation.Activities.Kops;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class KopsFailuresTests
{
    [Theory]
    [InlineData("002-get-keypairs", RotationErrors.ClusterNotFound, false)]
    [InlineData("045-promote-keypair-kubernetes-ca-7711463464286885658516130958", RotationErrors.KeypairDistrusted, false)]
    [InlineData("046-distrust-keypair-kubernetes-ca-7711463451231934858363771250", RotationErrors.KeypairIsPrimary, false)]
    [InlineData("049-trust-keypair-kubernetes-ca-123456", RotationErrors.KeypairUnknown, false)]
    [InlineData("050-trust-keypair-kubernetes-ca", RotationErrors.KopsUsage, false)]
    [InlineData("051-trust-keypair-all-7711463464286885658516130958", RotationErrors.KopsUsage, false)]
    [InlineData("055-create-keypair-nosuch", RotationErrors.KeysetUnknown, false)]
    [InlineData("060-distrust-keypair-nosuch", RotationErrors.KeysetUnknown, false)]
    [InlineData("062-promote-keypair-nosuch", RotationErrors.KeysetUnknown, false)]
    [InlineData("063-get-keypairs-state-s3-nosuchbucket", RotationErrors.StateStoreInvalid, false)]
    [InlineData("064-get-keypairs-state-bogus-x", RotationErrors.StateStoreInvalid, false)]
    [InlineData("085-update-cluster", RotationErrors.KopsFailed, true)]
    public void Recorded_failures_have_their_type(string recording, string errorType, bool retried)
    {
        string folder = Recordings.Combine("kops-1.26.6", recording);
        string Read(string file) => File.ReadAllText(Path.Combine(folder, file));
        var answer = new KopsAnswer(int.Parse(Read("exit.txt")), Read("stdout.txt"), Read("stderr.txt"));

        var failure = KopsFailures.For(new() { Arguments = ["x"], Deadline = TimeSpan.Zero }, answer);

        failure.ErrorType.ShouldBe(errorType);
        failure.NonRetryable.ShouldBe(!retried);
    }

    [Theory]
    [InlineData("Error: error reading cluster configuration \"c\": RequestError: send request failed: dial tcp 10.0.0.1:443: connection refused")]
    [InlineData("Error: error reading s3://b/c/config: SlowDown: Please reduce your request rate.\n\tstatus code: 503")]
    public void Trouble_of_the_store_is_retried(string errors)
    {
        var failure = KopsFailures.For(new() { Arguments = ["x"], Deadline = TimeSpan.Zero }, new(1, "", errors));

        failure.ErrorType.ShouldBe(RotationErrors.StateStoreUnavailable);
        failure.NonRetryable.ShouldBeFalse();
    }

    [Fact]
    public void Secrets_are_redacted_and_ids_and_fingerprints_stay()
    {
        using var keypair = new TestKeypair("kubernetes-ca", 17);
        string encoded = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(keypair.PrivatePem));
        string text = $"bad key {keypair.PrivatePem} or {encoded} or token: abcdef123 or Bearer abcdefghijk or https://user:hunter2@host/ or client-key-data: {encoded[..30]} keypair {keypair.Id} {keypair.Fingerprint}";

        string clean = Redaction.Clean(text);

        foreach (string secret in new[] { "BEGIN RSA", keypair.PrivatePem[40..80], encoded[..30], "abcdef123", "abcdefghijk", "hunter2" })
            clean.ShouldNotContain(secret);
        clean.ShouldContain(keypair.Id);
        clean.ShouldContain(keypair.Fingerprint);
    }
}
