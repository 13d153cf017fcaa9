using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace Rotation.Activities.Ssh;

/// <summary>
/// The keys of an SSH agent, which signs with them and never gives them away: <see href="https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent"/>.
/// Fails with <see cref="SshException"/> when the agent does not answer as agents do.
/// </summary>
internal sealed class SshAgent(string socketPath, TimeSpan timeout) : IPrivateKeySource
{
    private const byte RequestIdentities = 11;
    private const byte IdentitiesAnswer = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;
    private const int LongestAnswer = 256 * 1024;

    private IReadOnlyCollection<HostAlgorithm>? _algorithms;

    /// <inheritdoc/>
    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms => _algorithms ??= [.. Keys().SelectMany(AlgorithmsOf)];

    private List<byte[]> Keys()
    {
        var answer = new Reader(Ask(RequestIdentities, [], IdentitiesAnswer));
        List<byte[]> keys = [];
        for (uint left = answer.Number(); left > 0; left--)
        {
            keys.Add(answer.Text());
            // The comment.
            answer.Text();
        }

        return keys;
    }

    // RSA keys sign with SHA-1 unless they are told otherwise, which servers refuse.
    private IEnumerable<HostAlgorithm> AlgorithmsOf(byte[] key) => Encoding.ASCII.GetString(new Reader(key).Text()) switch
    {
        "ssh-rsa" => [new AgentKey(this, "rsa-sha2-512", key, flags: 4), new AgentKey(this, "rsa-sha2-256", key, flags: 2)],
        var type => [new AgentKey(this, type, key, flags: 0)],
    };

    private byte[] Sign(byte[] key, byte[] data, uint flags)
    {
        byte[] request = [.. Framed(key), .. Framed(data), .. Number(flags)];
        return new Reader(Ask(SignRequest, request, SignResponse)).Text();
    }

    private byte[] Ask(byte type, byte[] request, byte expected)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)timeout.TotalMilliseconds, SendTimeout = (int)timeout.TotalMilliseconds };
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            using var stream = new NetworkStream(socket);
            stream.Write(Framed([type, .. request]));
            byte[] length = new byte[sizeof(uint)];
            stream.ReadExactly(length);
            uint size = BinaryPrimitives.ReadUInt32BigEndian(length);
            if (size is 0 or > LongestAnswer)
                throw new SshException("The SSH agent's answer is no answer of an agent.");
            byte[] answer = new byte[size];
            stream.ReadExactly(answer);
            return answer[0] == expected ? answer[1..] : throw new SshException($"The SSH agent refused (message {answer[0]}).");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new SshException($"The SSH agent at '{socketPath}' does not answer: {e.Message}", e);
        }
    }

    private static byte[] Framed(byte[] content) => [.. Number((uint)content.Length), .. content];

    private static byte[] Number(uint value)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private sealed class AgentKey(SshAgent agent, string name, byte[] key, uint flags) : HostAlgorithm(name)
    {
        public override byte[] Data => key;

        public override byte[] Sign(byte[] data) => agent.Sign(key, data, flags);

        public override bool VerifySignature(byte[] data, byte[] signature) => throw new NotSupportedException("A key of an agent only signs.");
    }

    private sealed class Reader(byte[] bytes)
    {
        private int _at;

        public uint Number() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

        public byte[] Text() => Take((int)Math.Min(Number(), int.MaxValue)).ToArray();

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count > bytes.Length - _at)
                throw new SshException("The SSH agent's answer ends too early.");
            _at += count;
            return bytes.AsSpan(_at - count, count);
        }
    }
}
