using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Aws;

/// <summary>Answers the query protocol of EC2, AutoScaling, ELBv2 and classic ELB, and their faults.</summary>
internal sealed class AwsHandler(LabWorld world)
{
    private readonly Ec2Actions _ec2 = new(world);
    private readonly AutoScalingActions _autoScaling = new(world);
    private readonly LoadBalancingActions _loadBalancing = new(world);
    private readonly ClassicLoadBalancingActions _classic = new(world);

    public async Task HandleAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            context.Response.StatusCode = 404;
            return;
        }

        var request = new AwsRequest(await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false));
        var id = Guid.NewGuid().ToString();
        XElement answer;
        try
        {
            Spoil(request);
            answer = Answer(request, id);
        }
        catch (AwsException e)
        {
            context.Response.StatusCode = e.Status;
            answer = Error(request, e, id);
        }

        context.Response.ContentType = "text/xml;charset=UTF-8";
        await context.Response.WriteAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + answer, context.RequestAborted).ConfigureAwait(false);
    }

    private void Spoil(AwsRequest request)
    {
        if (world.Faults.Strikes(LabFaultKind.AwsThrottling))
            throw request.IsEc2 ? new AwsException("RequestLimitExceeded", "Request limit exceeded.", 503) : new AwsException("Throttling", "Rate exceeded");
        if (world.Faults.Strikes(LabFaultKind.AwsErrorRate))
            throw new AwsException("InternalError", "An internal error has occurred", 500);
    }

    private XElement Answer(AwsRequest request, string id)
    {
        world.Fleet.ReadTemplates();
        if (request.IsEc2)
        {
            XNamespace ec2 = "http://ec2.amazonaws.com/doc/2016-11-15/";
            return Qualify(new XElement(request.Action + "Response", new XElement("requestId", id), _ec2.Answer(request)), ec2);
        }

        var (space, result) = request switch
        {
            { IsAutoScaling: true } => ($"http://autoscaling.amazonaws.com/doc/{AwsRequest.AutoScalingVersion}/", _autoScaling.Answer(request)),
            { IsClassicLoadBalancing: true } => ($"http://elasticloadbalancing.amazonaws.com/doc/{AwsRequest.ClassicLoadBalancingVersion}/", _classic.Answer(request)),
            _ => ($"http://elasticloadbalancing.amazonaws.com/doc/{AwsRequest.LoadBalancingVersion}/", _loadBalancing.Answer(request)),
        };
        var answer = new XElement(request.Action + "Response", new XElement(request.Action + "Result", result),
            new XElement("ResponseMetadata", new XElement("RequestId", id)));
        return Qualify(answer, space);
    }

    private static XElement Error(AwsRequest request, AwsException e, string id) => request.IsEc2
        ? new XElement("Response", new XElement("Errors", new XElement("Error", new XElement("Code", e.Code), new XElement("Message", e.Message))), new XElement("RequestID", id))
        : new XElement("ErrorResponse",
            new XElement("Error", new XElement("Type", e.Status >= 500 ? "Receiver" : "Sender"), new XElement("Code", e.Code), new XElement("Message", e.Message)),
            new XElement("RequestId", id));

    private static XElement Qualify(XElement element, XNamespace space)
    {
        foreach (var each in element.DescendantsAndSelf())
            each.Name = space + each.Name.LocalName;
        return element;
    }
}
