using Microsoft.Azure.Functions.Worker.Middleware;

namespace DataHealth.Local.Runtime.Invocation;

/// <summary>The middleware in the order it was added; the first is outermost.</summary>
internal sealed class InvocationPipeline
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    public void Add(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware) => _middleware.Add(middleware);

    public FunctionExecutionDelegate Around(FunctionExecutionDelegate innermost) =>
        _middleware.AsEnumerable().Reverse().Aggregate(innermost, (next, middleware) => middleware(next));
}
