using System.Net;
using System.Text;
using Rotation.Activities.Nodes;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>The real SDK pipeline against a scripted HTTP peer: signed query requests, pages, typed failures.</summary>
public sealed class AutoScalingStandInTests : IDisposable
{
    private const string Instance = "<member><InstanceId>i-1</InstanceId><AvailabilityZone>us-east-1a</AvailabilityZone><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus><LaunchTemplate><LaunchTemplateName>nodes</LaunchTemplateName><Version>1</Version></LaunchTemplate></member>";
    private const string Tags = "<Tags><member><Key>KubernetesCluster</Key><Value>test.example.com</Value></member><member><Key>kops.k8s.io/instancegroup</Key><Value>nodes</Value></member></Tags>";
    private const string Left = "<DeregisterTargetsResponse><DeregisterTargetsResult/></DeregisterTargetsResponse>";

    private readonly HttpListener _peer = new();
    private readonly List<string> _requests = [];
    private readonly TestCluster _cluster;
    private Func<string, (int Status, string Body)> _answer = _ => (500, "");

    public AutoScalingStandInTests()
    {
        int port = FreePort.Next();
        _peer.Prefixes.Add($"http://127.0.0.1:{port}/");
        _peer.Start();
        _ = ServeAsync();
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIATEST");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "secret");
        _cluster = new(new() { ["Rotation:Aws:EndpointUrl"] = $"http://127.0.0.1:{port}", ["Rotation:Aws:Region"] = "us-east-1" });
    }

    private ICloud Cloud => _cluster.Get<ICloud>();

    [Fact]
    public async Task Groups_are_read_page_by_page_with_what_needs_the_update()
    {
        _answer = body => (200, body.Contains("NextToken=more", StringComparison.Ordinal) ? Page("workers", "1", "") : Page("nodes", "2", "<NextToken>more</NextToken>"));

        IReadOnlyList<CloudGroup> groups = await Cloud.GroupsAsync(TestCluster.Ref, TestContext.Current.CancellationToken);

        groups.Select(g => (g.CloudName, g.DesiredCount)).ShouldBe([("nodes", 1), ("workers", 1)]);
        groups[0].Instances.Single().ShouldBe(new CloudInstance("i-1", "us-east-1a", UpToDate: false, InService: true));
        groups[1].Instances.Single().UpToDate.ShouldBeTrue();
        _requests[0].ShouldContain("Filters.member.1.Name=tag%3AKubernetesCluster&Filters.member.1.Values.member.1=test.example.com");
    }

    [Fact]
    public async Task An_instance_that_is_gone_is_done()
    {
        _answer = body => body.Contains("TerminateInstances", StringComparison.Ordinal)
            ? (400, "<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>gone</Message></Error></Errors><RequestID>r</RequestID></Response>")
            : (200, Page("nodes", "2", ""));

        await Cloud.TerminateAsync(TestCluster.Ref, "i-9", TestContext.Current.CancellationToken);
        await Cloud.DetachAsync(TestCluster.Ref, "nodes", "i-9", TestContext.Current.CancellationToken);

        _requests.ShouldNotContain(r => r.Contains("DetachInstances", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_detach_is_tagged_first_and_keeps_the_desired_capacity()
    {
        _answer = body => body.Contains("CreateTags", StringComparison.Ordinal)
            ? (200, "<CreateTagsResponse><return>true</return></CreateTagsResponse>")
            : body.Contains("DetachInstances", StringComparison.Ordinal) ? (200, "<DetachInstancesResponse><DetachInstancesResult/></DetachInstancesResponse>") : (200, Page("nodes", "2", ""));

        await Cloud.DetachAsync(TestCluster.Ref, "nodes", "i-1", TestContext.Current.CancellationToken);

        _requests[1].ShouldContain("detached-from-asg");
        _requests[2].ShouldContain("AutoScalingGroupName=nodes&InstanceIds.member.1=i-1&ShouldDecrementDesiredCapacity=false");
    }

    [Fact]
    public async Task A_missing_permission_is_for_people()
    {
        _answer = _ => (403, "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User is not authorized to perform autoscaling:DescribeAutoScalingGroups</Message></Error><RequestId>r</RequestId></ErrorResponse>");

        var error = await Should.ThrowAsync<ApplicationFailureException>(Cloud.GroupsAsync(TestCluster.Ref, TestContext.Current.CancellationToken));

        error.ErrorType.ShouldBe(RotationErrors.CloudRefused);
        error.Message.ShouldContain("autoscaling:DescribeAutoScalingGroups");
        error.NonRetryable.ShouldBeTrue();
    }

    [Fact]
    public async Task Throttling_is_retried_by_the_sdk()
    {
        int calls = 0;
        _answer = _ => ++calls == 1 ? (400, "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>") : (200, Page("nodes", "1", ""));

        (await Cloud.GroupsAsync(TestCluster.Ref, TestContext.Current.CancellationToken)).Count.ShouldBe(1);
        calls.ShouldBe(2);
    }

    [Theory]
    [InlineData("$Latest", false)]
    [InlineData("$Default", true)]
    [InlineData("1", true)]
    public async Task The_template_of_a_mixed_policy_says_what_needs_the_update_also_where_it_names_no_number(string version, bool upToDate)
    {
        const string Templates = "<DescribeLaunchTemplatesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><launchTemplates><item><launchTemplateName>nodes</launchTemplateName><defaultVersionNumber>1</defaultVersionNumber><latestVersionNumber>2</latestVersionNumber></item></launchTemplates></DescribeLaunchTemplatesResponse>";
        string template = $"<LaunchTemplateName>nodes</LaunchTemplateName><Version>{version}</Version>";
        string group = Page("nodes", version, "").Replace($"<LaunchTemplate>{template}</LaunchTemplate><Instances>", $"<MixedInstancesPolicy><LaunchTemplate><LaunchTemplateSpecification>{template}</LaunchTemplateSpecification></LaunchTemplate></MixedInstancesPolicy><Instances>", StringComparison.Ordinal);
        _answer = body => (200, body.Contains("DescribeLaunchTemplates", StringComparison.Ordinal) ? Templates : group);

        IReadOnlyList<CloudGroup> groups = await Cloud.GroupsAsync(TestCluster.Ref, TestContext.Current.CancellationToken);

        group.ShouldContain("MixedInstancesPolicy");
        groups.Single().Instances.Single().UpToDate.ShouldBe(upToDate);
    }

    [Fact]
    public async Task An_instance_is_taken_out_of_every_target_group_of_its_group()
    {
        _answer = body => (200, body.Contains("DeregisterTargets", StringComparison.Ordinal) ? Left : InTwoTargetGroups);

        await Cloud.DeregisterAsync(TestCluster.Ref, "nodes", "i-1", TestContext.Current.CancellationToken);
        await Cloud.DeregisterAsync(TestCluster.Ref, "no-such-group", "i-1", TestContext.Current.CancellationToken);

        string[] sent = [.. _requests.Where(r => r.Contains("DeregisterTargets", StringComparison.Ordinal))];
        sent.Length.ShouldBe(2);
        sent[0].ShouldContain("TargetGroupArn=arn%3Aone&Targets.member.1.Id=i-1");
        sent[1].ShouldContain("TargetGroupArn=arn%3Atwo&Targets.member.1.Id=i-1");
    }

    [Theory]
    [InlineData("InvalidTarget")]
    [InlineData("TargetGroupNotFound")]
    public async Task A_target_group_that_knows_it_no_more_keeps_it_from_leaving_no_other(string code)
    {
        _answer = body => body.Contains("arn%3Aone", StringComparison.Ordinal) ? (400, Error(code))
            : (200, body.Contains("DeregisterTargets", StringComparison.Ordinal) ? Left : InTwoTargetGroups);

        await Cloud.DeregisterAsync(TestCluster.Ref, "nodes", "i-1", TestContext.Current.CancellationToken);

        _requests.ShouldContain(r => r.Contains("TargetGroupArn=arn%3Atwo", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("InvalidInstance")]
    [InlineData("LoadBalancerNotFound")]
    public async Task An_instance_is_taken_out_of_every_classic_load_balancer_of_its_group_though_one_knows_it_no_more(string code)
    {
        AnswerClassic(400, code);

        await Cloud.DeregisterAsync(TestCluster.Ref, "nodes", "i-1", TestContext.Current.CancellationToken);

        string[] sent = [.. _requests.Where(r => r.Contains("DeregisterInstancesFromLoadBalancer", StringComparison.Ordinal))];
        sent.Length.ShouldBe(2);
        sent[0].ShouldContain("Action=DeregisterInstancesFromLoadBalancer&Instances.member.1.InstanceId=i-1&LoadBalancerName=first&Version=2012-06-01");
        sent[1].ShouldContain("Action=DeregisterInstancesFromLoadBalancer&Instances.member.1.InstanceId=i-1&LoadBalancerName=second&Version=2012-06-01");
    }

    [Fact]
    public async Task A_classic_load_balancer_that_may_not_be_changed_is_for_people()
    {
        AnswerClassic(403, "AccessDenied");

        var error = await Should.ThrowAsync<ApplicationFailureException>(Cloud.DeregisterAsync(TestCluster.Ref, "nodes", "i-1", TestContext.Current.CancellationToken));

        (error.ErrorType, error.NonRetryable).ShouldBe((RotationErrors.CloudRefused, true));
    }

    [Fact]
    public async Task Detached_instances_are_found_by_their_tag_page_by_page()
    {
        static string Reservation(string id, string next) =>
            $"<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><reservationSet><item><instancesSet><item><instanceId>{id}</instanceId><placement><availabilityZone>us-east-1b</availabilityZone></placement><tagSet><item><key>kops.k8s.io/detached-from-asg</key><value>nodes</value></item></tagSet></item></instancesSet></item></reservationSet>{next}</DescribeInstancesResponse>";
        _answer = body => (200, body.Contains("NextToken=more", StringComparison.Ordinal) ? Reservation("i-8", "") : Reservation("i-7", "<nextToken>more</nextToken>"));

        var detached = await Cloud.DetachedAsync(TestCluster.Ref, TestContext.Current.CancellationToken);

        detached["nodes"].ShouldBe([new CloudInstance("i-7", "us-east-1b", UpToDate: false, InService: true), new CloudInstance("i-8", "us-east-1b", UpToDate: false, InService: true)]);
    }

    public void Dispose()
    {
        _peer.Close();
        _cluster.Dispose();
    }

    /// <summary>A group in two classic load balancers, of which the first refuses every call.</summary>
    private void AnswerClassic(int status, string code)
    {
        string group = Attached("<LoadBalancerNames><member>first</member><member>second</member></LoadBalancerNames>");
        _answer = body => !body.Contains("DeregisterInstancesFromLoadBalancer", StringComparison.Ordinal) ? (200, group)
            : body.Contains("LoadBalancerName=first", StringComparison.Ordinal) ? (status, Error(code))
            : (200, "<DeregisterInstancesFromLoadBalancerResponse><DeregisterInstancesFromLoadBalancerResult/></DeregisterInstancesFromLoadBalancerResponse>");
    }

    private static string InTwoTargetGroups => Attached("<TargetGroupARNs><member>arn:one</member><member>arn:two</member></TargetGroupARNs>");

    private static string Attached(string to) => Page("nodes", "1", "").Replace("<Instances>", $"{to}<Instances>", StringComparison.Ordinal);

    private static string Error(string code) => $"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>";

    private static string Page(string group, string version, string next) =>
        $"<DescribeAutoScalingGroupsResponse xmlns=\"http://autoscaling.amazonaws.com/doc/2011-01-01/\"><DescribeAutoScalingGroupsResult><AutoScalingGroups><member><AutoScalingGroupName>{group}</AutoScalingGroupName><DesiredCapacity>1</DesiredCapacity><MinSize>1</MinSize><MaxSize>1</MaxSize><LaunchTemplate><LaunchTemplateName>nodes</LaunchTemplateName><Version>{version}</Version></LaunchTemplate><Instances>{Instance}</Instances>{Tags}</member></AutoScalingGroups>{next}</DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>";

    private async Task ServeAsync()
    {
        while (_peer.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _peer.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            string body = await reader.ReadToEndAsync();
            context.Request.Headers["Authorization"].ShouldNotBeNull();
            lock (_requests)
                _requests.Add(body);
            (int status, string answer) = _answer(body);
            context.Response.StatusCode = status;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
            context.Response.Close();
        }
    }
}
