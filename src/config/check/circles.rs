//! Circles in a graph, in time that grows with its size and without recursion.

use std::collections::{HashMap, VecDeque};

/// A circle of each part of the graph in which all reach each other, `edges[node]` being where its edges lead: the nodes in
/// the order of the edges, from the part's first node on, and as few as can be. Edges to the node itself count for nothing.
pub(super) fn circles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let parts = parts(edges);
    let mut sizes = vec![0_usize; edges.len()];
    for part in &parts {
        sizes[*part] += 1;
    }
    let mut circles = Vec::new();
    for (first, part) in parts.iter().enumerate() {
        // Taken once, at the first node of the part.
        if std::mem::take(&mut sizes[*part]) > 1 {
            circles.extend(shortest(edges, &parts, first));
        }
    }
    circles
}

/// The shortest way from `first` back to it; it stays in its part.
fn shortest(edges: &[Vec<usize>], parts: &[usize], first: usize) -> Option<Vec<usize>> {
    let mut came_from = HashMap::new();
    let mut waiting = VecDeque::from([first]);
    while let Some(node) = waiting.pop_front() {
        for next in edges[node].iter().copied().filter(|next| parts[*next] == parts[first] && *next != node) {
            if next == first {
                let mut circle = vec![node];
                while let Some(before) = circle.last().and_then(|node| came_from.get(node)) {
                    circle.push(*before);
                }
                circle.reverse();
                return Some(circle);
            }
            came_from.entry(next).or_insert_with(|| {
                waiting.push_back(next);
                node
            });
        }
    }
    None
}

/// For each node the number of its part: nodes of one part reach each other, and each number is below that of the nodes.
///
/// Gabow's path-based search: `path` holds the first nodes of the parts that are not yet closed, `open` their nodes.
fn parts(edges: &[Vec<usize>]) -> Vec<usize> {
    const NOT_SEEN: usize = usize::MAX;
    let mut parts = vec![NOT_SEEN; edges.len()];
    let mut order = vec![NOT_SEEN; edges.len()];
    let (mut seen, mut closed) = (0, 0);
    let (mut open, mut path, mut work) = (Vec::new(), Vec::new(), Vec::new());
    for root in 0..edges.len() {
        let mut entered = Some(root).filter(|root| order[*root] == NOT_SEEN);
        loop {
            if let Some(node) = entered.take() {
                order[node] = seen;
                seen += 1;
                open.push(node);
                path.push(node);
                work.push((node, edges[node].iter()));
            }
            let Some((node, left)) = work.last_mut() else { break };
            let node = *node;
            if let Some(next) = left.next().copied() {
                if order[next] == NOT_SEEN {
                    entered = Some(next);
                } else if parts[next] == NOT_SEEN {
                    while path.last().is_some_and(|last| order[*last] > order[next]) {
                        path.pop();
                    }
                }
                continue;
            }
            work.pop();
            if path.last() == Some(&node) {
                path.pop();
                while let Some(member) = open.pop() {
                    parts[member] = closed;
                    if member == node {
                        break;
                    }
                }
                closed += 1;
            }
        }
    }
    parts
}
