using System.Buffers;
using Google.Protobuf;
using Grpc.Core;

namespace Rotation.DevServer.Transport;

/// <summary>Marshallers that read and write protobuf messages without an intermediate array.</summary>
internal static class Marshalling
{
    /// <summary>Raw bytes, for methods nobody handles: the request is not looked at.</summary>
    public static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static Marshaller<T> Of<T>() where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        return new Marshaller<T>(Write, context => Read(parser, context));
    }

    private static void Write<T>(T message, SerializationContext context) where T : IMessage<T>
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }

    private static T Read<T>(MessageParser<T> parser, DeserializationContext context) where T : IMessage<T>
    {
        ReadOnlySequence<byte> payload = context.PayloadAsReadOnlySequence();
        try
        {
            return parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException e)
        {
            // INTERNAL is what upstream's gRPC stack answers to bytes that are not the message.
            throw new RpcException(new Status(StatusCode.Internal, $"grpc: error unmarshalling request: {e.Message}"));
        }
    }
}
